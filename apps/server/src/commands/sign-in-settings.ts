import { isLoopbackAddress } from "../http/loopback.ts";
import { type OidcSettings } from "../http/oidc.ts";
import { SettingError } from "./setting-error.ts";

/** How people reach the dashboard and sign in to it. */
export interface SignInSettings {
  /** Where browsers reach the server; undefined: on this machine only. */
  readonly publicUrl: URL | undefined;
  /** Undefined: with passwords only. */
  readonly oidc: OidcSettings | undefined;
}

const OIDC = ["PAYI_OIDC_ISSUER", "PAYI_OIDC_CLIENT_ID", "PAYI_OIDC_CLIENT_SECRET"] as const;

/** @throws {SettingError} naming the variable and the rule; a secret is never told. */
export function readSignInSettings(given: (name: string) => string | undefined): SignInSettings {
  const publicUrl = readUrl("PAYI_PUBLIC_URL", given("PAYI_PUBLIC_URL"));
  const [issuer, clientId, clientSecret] = OIDC.map(given);
  if (issuer === undefined && clientId === undefined && clientSecret === undefined) {
    return { publicUrl, oidc: undefined };
  }
  if (clientId === undefined || clientSecret === undefined || issuer === undefined) {
    const missing = OIDC.filter((name) => given(name) === undefined);
    throw new SettingError(
      `Missing: ${missing.join(", ")}. Sign-in through an identity provider takes all of ${OIDC.join(", ")}; leave all out for passwords only.`,
    );
  }
  if (publicUrl === undefined) {
    throw new SettingError(
      "PAYI_PUBLIC_URL is missing: the identity provider sends people back to it. Set it to the address in the browser.",
    );
  }
  const issuerUrl = readUrl("PAYI_OIDC_ISSUER", issuer);
  return { publicUrl, oidc: issuerUrl && { issuer: issuerUrl, clientId, clientSecret } };
}

function readUrl(name: string, text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  const isSafe =
    url?.protocol === "https:" ||
    (url?.protocol === "http:" && isLoopbackAddress(url.hostname.replace(/^\[|\]$/g, "")));
  if (url !== null && isSafe) return url;
  throw new SettingError(
    `${name}=${text} is neither an https address nor an http address of this machine. Cookies and tokens go over TLS: put it in front of the server, and name its address.`,
  );
}
