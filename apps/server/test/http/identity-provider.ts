import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { type AddressInfo } from "node:net";

/** Whom the provider says it has in front of it. */
export interface Person {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
}

/** An OpenID Connect provider on this machine that checks what it is sent, and can be made to lie. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  person: Person;
  /** Put into what the provider says of itself; `redirect`: where it sends whoever asks for that. */
  places: Readonly<Record<string, string>>;
  /** Put into the ID token in place of what belongs there. */
  lie: Readonly<Record<string, unknown>>;
}

export async function startIdentityProvider(): Promise<TestProvider> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const codes = new Map<string, { readonly nonce: string; readonly challenge: string }>();
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: TestProvider = {
    issuer,
    clientId: "payi",
    clientSecret: "secret of the client",
    person: { sub: "1", email: "nobody@example.com", email_verified: true },
    lie: {},
    places: {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", issuer);
    const json = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const { redirect, ...places } = provider.places;
    if (url.pathname === "/.well-known/openid-configuration" && redirect !== undefined) {
      response.writeHead(307, { location: redirect }).end();
    } else if (url.pathname === "/.well-known/openid-configuration") {
      json(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        ...places,
      });
    } else if (url.pathname === "/keys") {
      json(200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1", use: "sig", alg: "RS256" }] });
    } else if (url.pathname === "/authorize") {
      const code = randomUUID();
      const { searchParams } = url;
      codes.set(code, {
        nonce: searchParams.get("nonce") ?? "",
        challenge: searchParams.get("code_challenge") ?? "",
      });
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", searchParams.get("state") ?? "");
      response.writeHead(302, { location: back.href }).end();
    } else {
      const form = new URLSearchParams(await bodyOf(request));
      const code = codes.get(form.get("code") ?? "");
      codes.delete(form.get("code") ?? "");
      const verifier = form.get("code_verifier") ?? "";
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      if (code === undefined || challenge !== code.challenge) return json(400, { error: "invalid_grant" });
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer, aud: "payi", iat: now, exp: now + 60, nonce: code.nonce };
      json(200, {
        access_token: randomUUID(),
        token_type: "Bearer",
        id_token: signed({ ...claims, ...provider.person, ...provider.lie }),
      });
    }
  }

  function signed(claims: object): string {
    const head = [{ alg: "RS256", kid: "1" }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `${head}.${sign("sha256", Buffer.from(head), privateKey).toString("base64url")}`;
  }

  return provider;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
