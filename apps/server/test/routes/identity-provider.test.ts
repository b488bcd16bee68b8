import { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";

import { freePort } from "../../../../packages/core/test/free-port.ts";
import { createApp } from "../../src/app.ts";
import { makeInvitation } from "../../src/domain/sign-in.ts";
import { type TestProvider, startIdentityProvider } from "../http/identity-provider.ts";
import { type TestServer, startTestServer } from "../support.ts";

let provider: TestProvider;
let server: TestServer;
let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  provider = await startIdentityProvider();
  server = await startTestServer();
  await server.store.inviteMember(
    { email: "ann@example.com", name: "Ann", role: "viewer", groups: null },
    makeInvitation().token,
    "test",
  );
  // The provider sends people back to the address of the server, so that has to be known first.
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const { issuer, clientId, clientSecret } = provider;
  app = await createApp({
    store: server.store,
    dashboardIsOpen: true,
    publicUrl: new URL(url),
    oidc: { issuer: new URL(issuer), clientId, clientSecret },
  });
  await app.listen({ port, host: "127.0.0.1" });
});
afterAll(async () => {
  await app.close();
  await server.close();
  await provider[Symbol.asyncDispose]();
});

/** Goes to the provider and back as a browser does; returns where it ends up and with which session. */
async function signIn(
  change: (callback: URL, pending: string) => { readonly callback: URL; readonly pending: string } = (
    callback,
    pending,
  ) => ({ callback, pending }),
): Promise<{ readonly place: string | null; readonly session: string | undefined }> {
  const away = await fetch(`${url}/api/v1/session/identity-provider`, { redirect: "manual" });
  const pending = away.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const back = await fetch(away.headers.get("location") ?? "", { redirect: "manual" });
  const changed = change(new URL(back.headers.get("location") ?? ""), pending);
  const end = await fetch(changed.callback, {
    redirect: "manual",
    headers: { cookie: changed.pending, "sec-fetch-site": "cross-site" },
  });
  const session = end.headers.getSetCookie().find((line) => line.startsWith("payi-session="));
  return { place: end.headers.get("location"), session: session?.split(";")[0] };
}

test("a member whose address the provider has checked is let in, later by the subject alone", async () => {
  provider.person = { sub: "ann-1", email: "Ann@example.com", email_verified: true };
  const first = await signIn();
  expect(first.place).toBe("/");
  const headers = { cookie: first.session ?? "", origin: url };
  const who = await fetch(`${url}/api/v1/session`, { headers });
  expect(await who.json()).toMatchObject({ caller: "member", member: { email: "ann@example.com" } });
  provider.person = { sub: "ann-1", email: "married@example.com", email_verified: false };
  expect((await signIn()).place).toBe("/");
});

test("who is no member, has an unchecked address, or somebody else's, stays out", async () => {
  for (const person of [
    { sub: "2", email: "nobody@example.com", email_verified: true },
    { sub: "3", email: "ann@example.com", email_verified: false },
    { sub: "4", email: "ann@example.com", email_verified: true },
  ]) {
    provider.person = person;
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await signIn()).toEqual({ place: "/sign-in#unknown", session: undefined });
  }
});

test.each([
  ["a nonce of another sign-in", { nonce: "another" }],
  ["a token for another client", { aud: "another" }],
  ["a token of another issuer", { iss: "https://evil.example" }],
  ["a token that has expired", { exp: 1 }],
])("%s is refused", async (_name, lie) => {
  provider.person = { sub: "ann-1", email: "ann@example.com", email_verified: true };
  provider.lie = lie;
  expect(await signIn()).toEqual({ place: "/sign-in#refused", session: undefined });
  provider.lie = {};
});

test("an answer that this browser did not ask for is refused", async () => {
  const otherState = await signIn((callback, pending) => {
    callback.searchParams.set("state", "another");
    return { callback, pending };
  });
  expect(otherState).toEqual({ place: "/sign-in#refused", session: undefined });
  const otherBrowser = await signIn((callback) => ({ callback, pending: "" }));
  expect(otherBrowser).toEqual({ place: "/sign-in#expired", session: undefined });
  const damaged = await signIn((callback) => ({ callback, pending: "payi-sign-in=%7B" }));
  expect(damaged).toEqual({ place: "/sign-in#expired", session: undefined });
});
