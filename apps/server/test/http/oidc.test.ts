/** What an identity provider says of itself is somebody else's word: where it leads is checked like any other address. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { readAllowedHosts } from "../../src/domain/outgoing/allowed-hosts.ts";
import { IdentityProvider } from "../../src/http/oidc.ts";
import { type Receiver, startReceiver } from "../receiver.ts";
import { type TestProvider, startIdentityProvider } from "./identity-provider.ts";

const ORIGIN = "http://127.0.0.1:4470";

let provider: TestProvider;
/** A service of this machine that nobody permitted. */
let inner: Receiver;
beforeAll(async () => {
  provider = await startIdentityProvider();
  inner = await startReceiver();
});
afterAll(async () => {
  await provider[Symbol.asyncDispose]();
  await inner[Symbol.asyncDispose]();
});
beforeEach(() => {
  provider.places = {};
  inner.received.length = 0;
});

/** Signs in as a browser does; resolves with the subject. */
async function signIn(allowed = ""): Promise<string> {
  const { issuer, clientId, clientSecret } = provider;
  const settings = { issuer: new URL(issuer), clientId, clientSecret };
  const identity = new IdentityProvider(settings, ORIGIN, readAllowedHosts(allowed));
  const { url, pending } = await identity.begin();
  const back = await fetch(url, { redirect: "manual" });
  const { searchParams } = new URL(back.headers.get("location") ?? "");
  return (await identity.finish(searchParams, pending)).subject;
}

/** All that the error says, causes included. */
function wholeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message} ${"code" in error ? String(error.code) : ""} ${wholeOf(error.cause)}`;
}

test("an issuer of this machine is asked, since the operator named it", async () => {
  expect(await signIn()).toBe(`${provider.issuer} 1`);
});

test.each(["token_endpoint", "jwks_uri"])(
  "a %s on this machine that nobody permitted is never connected to",
  async (place) => {
    provider.places = { [place]: `${inner.url}/stolen` };
    const refused = await signIn().then(String, wholeOf);
    expect(refused).toContain("forbidden_target");
    expect(refused).toContain("PAYI_WEBHOOK_ALLOWED_HOSTS");
    expect(inner.received).toEqual([]);
  },
);

test("one that was permitted is asked, and with it the client's secret goes there", async () => {
  provider.places = { token_endpoint: `${inner.url}/token` };
  // It answers, though not as a provider does.
  expect(await signIn(`http://127.0.0.1:${inner.port}`).then(String, wholeOf)).not.toContain("forbidden");
  expect(inner.received).toHaveLength(1);
  expect(inner.received[0]?.body).toContain("grant_type=authorization_code");
});

test("a token that was signed with a key of somebody else is refused", async () => {
  await using other = await startIdentityProvider();
  provider.places = { jwks_uri: `${other.issuer}/keys` };
  const refused = await signIn(other.issuer).then(String, wholeOf);
  expect(refused).toMatch(/signature/i);
});

test("a redirect of the provider is not followed", async () => {
  provider.places = { redirect: inner.url };
  expect(await signIn().then(String, wholeOf)).toMatch(/response|status/i);
  expect(inner.received).toEqual([]);
});
