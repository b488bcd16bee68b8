import { type FastifyInstance, type FastifyRequest } from "fastify";

import { type Permission, withPricesOfOne } from "../domain/permissions.ts";
import { type StoredApplication } from "../store/application.ts";
import { type Store } from "../store/store.ts";
import {
  APPLICATION_HEADER,
  type Access,
  type Caller,
  chooseApplication,
  requirePermission,
} from "./access.ts";
import { type Callers, noCaller } from "./callers.ts";
import { isLocalDashboard } from "./loopback.ts";
import { ShortMemory } from "./short-memory.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * `key` (default): a valid key, or a member who is signed in. `dashboard`: also whoever sits at the machine, before
     * there are members. `local`: also without a key for whoever asks from this machine. `open`: anybody.
     */
    access?: "key" | "dashboard" | "local" | "open";
    /** What the caller must be allowed to do, one of these. Default: `read` for GET and HEAD, else `write`. */
    needs?: Permission | readonly Permission[];
  }
  interface FastifyRequest {
    access: Access | null;
  }
}

/** Finds the application that a caller asks about. */
export type FindAccess = (request: FastifyRequest, caller: Caller) => Promise<Access>;

/** Every route refuses without a valid key or session, unless its configuration says otherwise. */
export function registerAuth(app: FastifyInstance, store: Store, callers: Callers): FindAccess {
  const applications = new ShortMemory<readonly StoredApplication[]>();

  async function allApplications(): Promise<readonly StoredApplication[]> {
    return (await applications.get("", () => store.applications())) ?? [];
  }

  async function choose(caller: Caller, named: string | undefined): Promise<StoredApplication> {
    try {
      return chooseApplication(caller, named, await allApplications());
    } catch {
      // It may have been made just now.
      applications.clear();
      return chooseApplication(caller, named, await allApplications());
    }
  }

  async function permissionsOf(caller: Caller, request: FastifyRequest): Promise<readonly Permission[]> {
    // The requests of most keys go without a look at the applications.
    if (caller.kind === "key" && !neededBy(request).includes("prices")) return caller.permissions;
    const open = (await allApplications()).filter((one) => one.archivedMs === null);
    return withPricesOfOne(caller.permissions, open.length);
  }

  async function findAccess(request: FastifyRequest, caller: Caller): Promise<Access> {
    const { actor, reach } = caller;
    const permissions = await permissionsOf(caller, request);
    const header = request.headers[APPLICATION_HEADER];
    const named = typeof header === "string" && header !== "" ? header : undefined;
    if (caller.kind === "key" && named === undefined) {
      // The way of nearly all requests: without a look at the applications.
      return { application: caller.application, keepText: caller.keepText, actor, permissions, reach };
    }
    const { id, settings } = await choose(caller, named);
    return { application: id, keepText: settings.keepText, actor, permissions, reach };
  }

  app.decorateRequest("access", null);
  app.addHook("onRequest", async (request, reply) => {
    const { access = "key" } = request.routeOptions.config;
    if (access === "open" || request.is404) return;
    const isAtMachine = access === "local" && isLocalDashboard(request);
    const caller = await callers.find(request, reply);
    if (caller === undefined || (caller.kind === "machine" && access === "key")) {
      if (isAtMachine) return;
      throw noCaller();
    }
    request.access = await findAccess(request, caller);
    // What a machine tells whoever sits at it needs no further permission.
    if (isAtMachine) return;
    const what = `${request.method} ${request.routeOptions.url ?? request.url}`;
    requirePermission(request.access, neededBy(request), what);
  });
  return findAccess;
}

/** Whom an authenticated request speaks for. */
export function accessOf(request: FastifyRequest): Access {
  if (request.access === null) throw noCaller();
  return request.access;
}

function neededBy(request: FastifyRequest): readonly Permission[] {
  const { needs = isReading(request) ? "read" : "write" } = request.routeOptions.config;
  return [needs].flat();
}

function isReading(request: FastifyRequest): boolean {
  return request.method === "GET" || request.method === "HEAD";
}
