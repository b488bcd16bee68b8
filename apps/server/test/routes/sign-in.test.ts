import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { createApp } from "../../src/app.ts";
import { offerSetUp } from "../../src/domain/sign-in.ts";
import { BrowserSession, PASSWORD, signUp, signUpOwner } from "../browser-session.ts";
import { TEST_KEY, type TestServer, request, startTestServer } from "../support.ts";

let server: TestServer;
let owner: BrowserSession;
let setUpToken: string;

beforeAll(async () => {
  server = await startTestServer();
  setUpToken = (await offerSetUp(server.store)) ?? "";
});
afterAll(() => server.close());

describe("before there are members", () => {
  test("whoever sits at the machine sees and administers, but invites nobody", async () => {
    const machine = new BrowserSession(server);
    const { body } = await machine.ask("GET", "/session");
    expect(body).toMatchObject({ caller: "machine", needs_set_up: true, member: null });
    expect((await machine.ask("GET", "/keys")).status).toBe(200);
    const invited = await machine.ask("POST", "/members", { email: "a@example.com", role: "owner" });
    expect([invited.status, invited.body.xproxy_error.code]).toEqual([409, "set_up_needed"]);
  });

  test("a wrong token, a short password and another page make no owner", async () => {
    const machine = new BrowserSession(server);
    const first = { token: setUpToken, email: "a@example.com", password: PASSWORD };
    const wrong = await machine.ask("POST", "/session/set-up", { ...first, token: "guessed" });
    expect(wrong.body.xproxy_error.code).toBe("invalid_token");
    const short = await machine.ask("POST", "/session/set-up", { ...first, password: "short" });
    expect(short.body.message).toContain("at least 12 characters; this one has 5");
    const foreign = { "sec-fetch-site": "cross-site", origin: "http://evil.example" };
    expect((await machine.ask("POST", "/session/set-up", first, foreign)).status).toBe(403);
    expect(await server.store.hasMembers()).toBe(false);
  });

  test("the printed token makes the owner, once, and closes the dashboard to everybody else", async () => {
    owner = await signUpOwner(server, setUpToken);
    expect((await owner.ask("GET", "/session")).body).toMatchObject({
      caller: "member",
      needs_set_up: false,
      member: { email: "owner@example.com", role: "owner" },
      application: { application_id: "default" },
    });
    const machine = new BrowserSession(server);
    expect((await machine.ask("GET", "/session")).body).toMatchObject({ caller: null, applications: [] });
    expect((await machine.ask("GET", "/analytics/status")).status).toBe(401);
    const again = { token: setUpToken, email: "b@example.com", password: PASSWORD };
    expect((await machine.ask("POST", "/session/set-up", again)).body.xproxy_error.code).toBe(
      "invalid_token",
    );
    expect(await offerSetUp(server.store)).toBeUndefined();
  });
});

describe("a session", () => {
  test("is a cookie that scripts cannot read and other sites do not send", async () => {
    const { headers } = await request(
      `${server.url}/api/v1/session`,
      "POST",
      { email: "owner@example.com", password: PASSWORD },
      { origin: server.url },
    );
    const [cookie = ""] = headers.getSetCookie();
    expect(cookie).toMatch(/^payi-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  test("opens what its role allows, and changes things for our own page alone", async () => {
    expect((await owner.ask("GET", "/limits")).status).toBe(200);
    expect((await owner.ask("POST", "/limits", { limit_name: "l", max: 1 })).status).toBe(201);
    const path = `${server.url}/api/v1/limits`;
    const { cookie = "" } = owner.headers();
    const body = { limit_name: "stolen", max: 1 };
    for (const headers of [
      { cookie },
      { cookie, origin: "http://evil.example" },
      { cookie, origin: "null" },
      { cookie, "sec-fetch-site": "cross-site" },
      { cookie, "sec-fetch-site": "same-site", origin: server.url },
      { cookie, "sec-fetch-site": "none" },
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([headers, (await request(path, "POST", body, headers)).status]).toEqual([headers, 401]);
    }
    const form = await fetch(path, {
      method: "POST",
      headers: { ...owner.headers(), "content-type": "application/x-www-form-urlencoded" },
      body: "limit_name=stolen&max=1",
    });
    expect(form.status).toBe(415);
    expect((await owner.ask("GET", "/limits?limit_name=stolen")).body.items).toEqual([]);
  });

  test("ends with signing out, and only its hash was ever stored", async () => {
    const session = new BrowserSession(server);
    await session.ask("POST", "/session", { email: "owner@example.com", password: PASSWORD });
    const { cookie = "" } = session.headers();
    expect((await session.ask("GET", "/members")).status).toBe(200);
    const database = new DatabaseSync(server.file, { readOnly: true });
    const rows = JSON.stringify(
      database.prepare("SELECT hex(hash) AS hash, member FROM sign_in_session").all(),
    );
    database.close();
    expect(rows).not.toContain(cookie.split("=")[1]);
    await session.ask("DELETE", "/session", {});
    const after = await request(`${server.url}/api/v1/members`, "GET", undefined, {
      cookie,
      origin: server.url,
    });
    expect(after.status).toBe(401);
  });

  test("is not begun by a wrong password, and an unknown address is told the same", async () => {
    const nobody = new BrowserSession(server);
    const answers = [];
    for (const email of ["owner@example.com", "unknown@example.com"]) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, body } = await nobody.ask("POST", "/session", { email, password: "wrong password" });
      answers.push([status, body]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[0]).toBe(401);
  });
});

describe("a member", () => {
  test("does what the role says, which changes within a second", async () => {
    const eve = await signUp(server, owner, { email: "eve@example.com", name: "Eve", role: "viewer" });
    const { member } = (await eve.ask("GET", "/session")).body;
    expect((await eve.ask("GET", "/limits")).status).toBe(200);
    const refused = await eve.ask("POST", "/limits", { limit_name: "eve", max: 1 });
    expect(refused.body.message).toContain("sign in as editor or above");
    expect((await eve.ask("GET", "/keys")).status).toBe(403);
    await owner.ask("PUT", `/members/${member.member_id}`, { role: "admin" });
    expect((await eve.ask("GET", "/keys")).status).toBe(200);
    const owners = await eve.ask("POST", "/members", { email: "x@example.com", role: "owner" });
    expect([owners.status, owners.body.message]).toEqual([403, expect.stringContaining("Sign in as owner")]);
    const promoted = await eve.ask("PUT", `/members/${member.member_id}`, { role: "owner" });
    expect(promoted.status).toBe(403);
    await owner.ask("DELETE", `/members/${member.member_id}`);
    expect((await eve.ask("GET", "/limits")).status).toBe(401);
  });

  test("of a group sees its applications and nothing that spans them", async () => {
    await owner.ask("POST", "/applications", { name: "Shop", application_id: "shop", group: "retail" });
    const mia = await signUp(server, owner, { email: "mia@example.com", role: "admin", groups: ["retail"] });
    const { body } = await mia.ask("GET", "/session");
    expect(body.applications.map((one: { name: string }) => one.name)).toEqual(["Shop"]);
    expect((await mia.ask("GET", "/analytics/status")).body.application).toBe("Shop");
    const other = { "x-payi-application": "default" };
    expect((await mia.ask("GET", "/keys", undefined, other)).status).toBe(404);
    expect((await mia.ask("GET", "/keys")).status).toBe(200);
    expect((await mia.ask("POST", "/keys", { name: "k", scope: "admin" })).status).toBe(403);
    for (const path of ["/members", "/organizations"]) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await mia.ask("GET", path)).status).toBe(403);
    }
  });

  test("who is the only owner stays, and stays owner", async () => {
    const { member } = (await owner.ask("GET", "/session")).body;
    for (const change of [{ role: "admin" }, { groups: ["retail"] }]) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, body } = await owner.ask("PUT", `/members/${member.member_id}`, change);
      expect([status, body.xproxy_error.code]).toEqual([409, "last_owner"]);
    }
    expect((await owner.ask("DELETE", `/members/${member.member_id}`)).status).toBe(409);
  });

  test("changes the password, which ends all other sessions, and an invitation works once", async () => {
    const { body } = await owner.ask("POST", "/members", { email: "ann@example.com", role: "viewer" });
    const [, token] = body.invitation_path.split("#");
    const ann = new BrowserSession(server);
    expect((await ann.ask("POST", "/session/invitation", { token, password: PASSWORD })).status).toBe(200);
    const second = await ann.ask("POST", "/session/invitation", { token, password: `${PASSWORD}!` });
    expect(second.body.xproxy_error.code).toBe("invalid_token");
    const elsewhere = new BrowserSession(server);
    await elsewhere.ask("POST", "/session", { email: "ann@example.com", password: PASSWORD });
    const change = { current_password: PASSWORD, password: "another sentence as password" };
    const wrong = await ann.ask("PUT", "/session/password", { ...change, current_password: "guess" });
    expect(wrong.status).toBe(400);
    expect((await ann.ask("PUT", "/session/password", change)).status).toBe(200);
    expect((await ann.ask("GET", "/limits")).status).toBe(200);
    expect((await elsewhere.ask("GET", "/limits")).status).toBe(401);
  });

  test("is told of in the audit log, by those who may read it", async () => {
    const { body } = await owner.ask("GET", "/audit?action=member");
    const actions = new Set(body.items.map((item: { action: string }) => item.action));
    expect(actions).toEqual(
      new Set([
        "member.created",
        "member.changed",
        "member.removed",
        "member.password_changed",
        "member.signed_in",
      ]),
    );
    expect(JSON.stringify(body)).not.toMatch(/scrypt|invitation/);
  });
});

test("behind TLS the cookie is bound to the host and to TLS, and the address in the browser is the origin", async () => {
  const publicUrl = new URL("https://payi.example.com");
  const app = await createApp({ store: server.store, dashboardIsOpen: false, publicUrl });
  const payload = { email: "owner@example.com", password: PASSWORD };
  const signIn = (origin: string) =>
    app.inject({ method: "POST", url: "/api/v1/session", headers: { origin }, payload });
  const answer = await signIn("https://payi.example.com");
  expect(answer.headers["set-cookie"]).toMatch(
    /^__Host-payi-session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
  expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect((await signIn("http://payi.example.com")).statusCode).toBe(403);
  await app.close();
});

test("a key goes on working beside members, and an unreachable address gets no cookie", async () => {
  expect((await server.get("/limits")).status).toBe(200);
  const answer = await request(
    `${server.url}/api/v1/session`,
    "POST",
    { email: "owner@example.com", password: PASSWORD },
    { origin: server.url, "x-forwarded-for": "203.0.113.7" },
  );
  expect([answer.status, answer.body.message]).toEqual([403, expect.stringContaining("PAYI_PUBLIC_URL")]);
  const keyed = await request(`${server.url}/api/v1/session`, "GET", undefined, {
    "xproxy-api-key": TEST_KEY,
  });
  expect(keyed.body).toMatchObject({ caller: "key", applications: [{ application_id: "default" }] });
});
