import { HEADER, WireError } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";

import { DEFAULT_APPLICATION, checkKey } from "../domain/keys.ts";
import { type KeyGrant } from "../store/key.ts";
import { type Store } from "../store/store.ts";
import { isLocalDashboard } from "./loopback.ts";
import { type CountFailedKey } from "./rates.ts";

/** Whom a request speaks for. */
export interface Access {
  readonly application: string;
  readonly keepText: boolean;
  /** Who is written down beside a change. */
  readonly actor: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * `key` (default): a valid key. `dashboard`: also without one, where the server listens to
     * this machine only. `local`: also without one for whoever asks from this machine. `open`: anybody.
     */
    access?: "key" | "dashboard" | "local" | "open";
  }
  interface FastifyRequest {
    access: Access | null;
  }
}

/** Short, so that a key that another process revokes is refused here at once. */
const REMEMBER_MS = 1000;
const REMEMBERED = 1000;

/** Every route refuses without a valid key, unless its configuration says otherwise. */
export function registerAuth(
  app: FastifyInstance,
  store: Store,
  dashboardIsOpen: boolean,
  countFailedKey: CountFailedKey,
): void {
  const remembered = new Map<string, { readonly grant: KeyGrant; readonly untilMs: number }>();

  async function grantFor(text: string): Promise<KeyGrant | undefined> {
    const known = remembered.get(text);
    if (known !== undefined && known.untilMs > Date.now()) return known.grant;
    remembered.delete(text);
    const grant = await checkKey(store, text);
    if (grant === undefined) return undefined;
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(text, { grant, untilMs: Date.now() + REMEMBER_MS });
    return grant;
  }

  app.decorateRequest("access", null);
  app.addHook("onRequest", async (request, reply) => {
    const access = request.routeOptions.config.access ?? "key";
    if (access === "open" || request.is404) return;
    const text = readKey(request);
    if (text === undefined) {
      const open = access === "local" || (access === "dashboard" && dashboardIsOpen);
      if (open && isLocalDashboard(request)) {
        request.access = { application: DEFAULT_APPLICATION, keepText: false, actor: "dashboard" };
        return;
      }
      throw invalidKey();
    }
    const grant = await grantFor(text);
    if (grant === undefined) {
      // A valid key passes at any time: one wrong client must not lock out the others behind its address.
      await countFailedKey(request, reply);
      throw invalidKey();
    }
    const { application, keepText, keyId } = grant;
    request.access = { application, keepText, actor: `key ${keyId}` };
  });
}

/** Whom an authenticated request speaks for. */
export function accessOf(request: FastifyRequest): Access {
  if (request.access === null) throw invalidKey();
  return request.access;
}

function readKey(request: FastifyRequest): string | undefined {
  const given = request.headers[HEADER.apiKey];
  if (typeof given === "string" && given !== "") return given;
  return /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1];
}

function invalidKey(): WireError {
  return new WireError(
    "invalid_api_key",
    "No valid API key. Send one as xProxy-api-key or as Authorization: Bearer; payi keys create makes one.",
  );
}
