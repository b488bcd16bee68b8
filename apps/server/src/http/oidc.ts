import * as client from "openid-client";

import { type AllowedHost, hostOf } from "../domain/outgoing/allowed-hosts.ts";
import { fetchThrough } from "../domain/outgoing/outgoing-fetch.ts";
import { Outgoing } from "../domain/outgoing/outgoing.ts";
import { isLoopbackAddress } from "./loopback.ts";

/** An OpenID Connect provider, as the environment names it. */
export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a browser keeps between leaving for the provider and coming back. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Whom the provider vouches for. */
export interface Identity {
  /** Unique at this provider and for ever. */
  readonly subject: string;
  /** Present where the provider has checked it. */
  readonly email: string | undefined;
}

const TIMEOUT_SECONDS = 10;

/**
 * Sign-in through a provider: authorization code with PKCE, state and nonce. The operator chose the issuer, so it may be
 * of this machine or network; where its answers lead (keys, tokens) is checked like every other address.
 */
export class IdentityProvider {
  readonly #settings: OidcSettings;
  readonly #redirectUri: string;
  readonly #fetch: ReturnType<typeof fetchThrough>;
  #configuration: Promise<client.Configuration> | undefined;

  /** `allowed`: hosts beyond the issuer's and the public ones. */
  constructor(settings: OidcSettings, publicOrigin: string, allowed: readonly AllowedHost[] = []) {
    this.#settings = settings;
    this.#fetch = fetchThrough(new Outgoing([hostOf(settings.issuer), ...allowed]));
    this.#redirectUri = `${publicOrigin}/api/v1/session/identity-provider/callback`;
  }

  /** Where the browser goes, and what it has to bring back. */
  async begin(): Promise<{ readonly url: URL; readonly pending: PendingSignIn }> {
    const pending = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(await this.#discover(), {
      redirect_uri: this.#redirectUri,
      scope: "openid email profile",
      code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
      state: pending.state,
      nonce: pending.nonce,
    });
    return { url, pending };
  }

  /** Who came back. @throws {Error} when anything about the answer is not as it must be. */
  async finish(query: URLSearchParams, pending: PendingSignIn): Promise<Identity> {
    const url = new URL(this.#redirectUri);
    url.search = query.toString();
    const tokens = await client.authorizationCodeGrant(await this.#discover(), url, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error("The provider sent no ID token.");
    const { email, email_verified: isVerified } = claims;
    return {
      subject: `${claims.iss} ${claims.sub}`,
      email: typeof email === "string" && isVerified === true ? email.toLowerCase() : undefined,
    };
  }

  /** What the provider says of itself, asked for once; after a failure it is asked again. */
  #discover(): Promise<client.Configuration> {
    this.#configuration ??= this.#ask().catch((error: unknown) => {
      this.#configuration = undefined;
      throw error;
    });
    return this.#configuration;
  }

  #ask(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const execute = [
      // The token's signature counts, too, not only the connection that it came over.
      client.enableNonRepudiationChecks,
      ...(isLoopbackAddress(issuer.hostname) ? [client.allowInsecureRequests] : []),
    ];
    return client.discovery(issuer, clientId, clientSecret, undefined, {
      execute,
      timeout: TIMEOUT_SECONDS,
      [client.customFetch]: this.#fetch,
    });
  }
}
