import { type Answer, type TestServer, request } from "./support.ts";

/** Asks as a page of the dashboard does: same origin, with the cookies of the answers before. */
export class BrowserSession {
  readonly #server: TestServer;
  readonly #cookies = new Map<string, string>();

  constructor(server: TestServer) {
    this.#server = server;
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await request(`${this.#server.url}/api/v1${path}`, method, body, {
      ...this.headers(),
      ...more,
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return answer;
  }

  /** What the browser sends along. */
  headers(): Record<string, string> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return {
      origin: this.#server.url,
      "sec-fetch-site": "same-origin",
      ...(cookie === "" ? {} : { cookie }),
    };
  }
}

export const PASSWORD = "correct horse battery staple";

/** The first member of a server, signed in as owner. */
export async function signUpOwner(server: TestServer, token: string): Promise<BrowserSession> {
  const owner = new BrowserSession(server);
  const { status } = await owner.ask("POST", "/session/set-up", {
    token,
    email: "Owner@Example.com",
    name: "Olivia",
    password: PASSWORD,
  });
  if (status !== 200) throw new Error(`The set-up answered ${status}.`);
  return owner;
}

/** Another member, signed in. */
export async function signUp(
  server: TestServer,
  inviter: BrowserSession,
  member: Record<string, unknown>,
): Promise<BrowserSession> {
  const { body } = await inviter.ask("POST", "/members", member);
  const [, token] = String(body.invitation_path).split("#");
  const session = new BrowserSession(server);
  const { status } = await session.ask("POST", "/session/invitation", { token, password: PASSWORD });
  if (status !== 200) throw new Error(`The invitation answered ${status}.`);
  return session;
}
