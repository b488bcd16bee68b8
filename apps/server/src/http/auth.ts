import { HEADER, WireError } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";

import { checkKey } from "../domain/keys.ts";
import { OPEN_DASHBOARD, type Permission, SCOPES } from "../domain/permissions.ts";
import { type StoredApplication } from "../store/application.ts";
import { type KeyGrant } from "../store/key.ts";
import { type Store } from "../store/store.ts";
import {
  APPLICATION_HEADER,
  type Access,
  type Caller,
  chooseApplication,
  requirePermission,
} from "./access.ts";
import { isLocalDashboard } from "./loopback.ts";
import { type CountFailedKey } from "./rates.ts";
import { ShortMemory } from "./short-memory.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * `key` (default): a valid key. `dashboard`: also without one, where the server listens to
     * this machine only. `local`: also without one for whoever asks from this machine. `open`: anybody.
     */
    access?: "key" | "dashboard" | "local" | "open";
    /** What the caller must be allowed to do. Default: `read` for GET and HEAD, else `write`. */
    needs?: Permission;
  }
  interface FastifyRequest {
    access: Access | null;
  }
}

/** Every route refuses without a valid key, unless its configuration says otherwise. */
export function registerAuth(
  app: FastifyInstance,
  store: Store,
  dashboardIsOpen: boolean,
  countFailedKey: CountFailedKey,
): void {
  const grants = new ShortMemory<KeyGrant>();
  const applications = new ShortMemory<readonly StoredApplication[]>();

  async function allApplications(): Promise<readonly StoredApplication[]> {
    return (await applications.get("", () => store.applications())) ?? [];
  }

  async function accessFor(request: FastifyRequest, caller: Caller): Promise<Access> {
    const named = headerOf(request, APPLICATION_HEADER);
    let known = await allApplications();
    if (named !== undefined && !known.some((one) => one.id === named)) {
      // It may have been made just now.
      applications.clear();
      known = await allApplications();
    }
    const { id, settings } = chooseApplication(caller, named, known);
    const { actor, permissions, reach } = caller;
    return { application: id, keepText: settings.keepText, actor, permissions, reach };
  }

  app.decorateRequest("access", null);
  app.addHook("onRequest", async (request, reply) => {
    const { access = "key", needs = isReading(request) ? "read" : "write" } = request.routeOptions.config;
    if (access === "open" || request.is404) return;
    const text = readKey(request);
    const isLocal = access === "local" || (access === "dashboard" && dashboardIsOpen);
    if (text === undefined) {
      if (!isLocal || !isLocalDashboard(request)) throw invalidKey();
      request.access = await accessFor(request, LOCAL);
    } else {
      const grant = await grants.get(text, () => checkKey(store, text));
      if (grant === undefined) {
        // A valid key passes at any time: one wrong client must not lock out the others behind its address.
        await countFailedKey(request, reply);
        throw invalidKey();
      }
      const named = headerOf(request, APPLICATION_HEADER);
      request.access =
        named === undefined ? accessOfKey(grant) : await accessFor(request, callerOfKey(grant));
    }
    // What a machine tells whoever sits at it needs no further permission.
    if (access === "local" && isLocalDashboard(request)) return;
    requirePermission(request.access, needs, `${request.method} ${request.routeOptions.url ?? request.url}`);
  });
}

/** Whom an authenticated request speaks for. */
export function accessOf(request: FastifyRequest): Access {
  if (request.access === null) throw invalidKey();
  return request.access;
}

/** Whoever sits at the machine, while the dashboard is open there. */
const LOCAL: Caller = {
  actor: "dashboard",
  permissions: OPEN_DASHBOARD,
  reach: { kind: "all" },
  application: undefined,
};

function callerOfKey(grant: KeyGrant): Caller {
  return {
    actor: `key ${grant.keyId}`,
    permissions: SCOPES[grant.scope],
    reach: { kind: grant.scope === "admin" ? "all" : "own" },
    application: grant.application,
  };
}

/** The way of nearly all requests: without a look at the applications. */
function accessOfKey(grant: KeyGrant): Access {
  const { actor, permissions, reach } = callerOfKey(grant);
  return { application: grant.application, keepText: grant.keepText, actor, permissions, reach };
}

function isReading(request: FastifyRequest): boolean {
  return request.method === "GET" || request.method === "HEAD";
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readKey(request: FastifyRequest): string | undefined {
  return (
    headerOf(request, HEADER.apiKey) ?? /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? "")?.[1]
  );
}

function invalidKey(): WireError {
  return new WireError(
    "invalid_api_key",
    "No valid API key. Send one as xProxy-api-key or as Authorization: Bearer; payi keys create makes one.",
  );
}
