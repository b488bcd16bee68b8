/**
 * The name of a route, as the application wrote it: `GET /api/trails/:id`.
 *
 * Invariants:
 * - never the concrete path: that would make a use case of every id, and show whose it was;
 * - where a part of the pattern is not known, the name is shorter.
 */
import { type Request } from "express";

import { type Layer, readPattern, take } from "./layer-pattern.ts";

/** Method and pattern of the route that matched last, with all that its routers are mounted on. Undefined before one did. */
export function routeName(request: Request): string | undefined {
  const route: unknown = request.route;
  if (typeof route !== "object" || route === null || !("path" in route)) return undefined;
  return `${request.method} ${findPattern(request, route) ?? ownPattern(route)}`;
}

interface Route {
  readonly path: unknown;
}

/** The pattern of the route alone; the first of several. */
function ownPattern({ path }: Route): string {
  return readPattern([path].flat()[0]);
}

/** What is read of an application and of a router. Express declares neither all of it, nor for both of its majors. */
interface App {
  readonly parent?: App;
  readonly _router?: Stack;
  readonly router?: Stack;
}
interface Stack {
  readonly stack: readonly Layer[];
}

function findPattern(request: Request, route: Route): string | undefined {
  try {
    const [root, ...inner] = lineage(request.app as unknown as App);
    if (root === undefined) return undefined;
    // Not `originalUrl`: a middleware may have rewritten it, and these two always make up what is routed.
    const baseUrl = (request.baseUrl as string | undefined) ?? "";
    const { value } = patternsTo(route, root, baseUrl + request.path, inner).next();
    if (value !== undefined) return value;
    const mounts = new Set(baseUrl === "" ? [] : patternsOf(root, baseUrl));
    const [mount] = mounts;
    return mount === undefined || mounts.size > 1 ? undefined : mount + ownPattern(route);
  } catch {
    // The insides of a router that is not known, or an address that cannot be decoded.
    return undefined;
  }
}

/** The routers of the application that the request is in and of those around it, the outermost first. */
function lineage(app: App | undefined): Stack[] {
  if (app === undefined) return [];
  // Express 4's own name; reading its `router` throws.
  // oxlint-disable-next-line no-underscore-dangle
  const router = app._router ?? app.router;
  return router === undefined ? [] : [...lineage(app.parent), router];
}

/** The patterns on the ways that `path` takes from `router` to `route`, in Express's own order. */
function* patternsTo(
  route: Route,
  router: Stack,
  path: string,
  inner: readonly Stack[],
): Generator<string, undefined> {
  for (const layer of router.stack) {
    const isRoute = layer.route === route;
    const { next, further } = routerOf(layer, inner);
    if (!isRoute && next === undefined) continue;
    const step = take(layer, path);
    if (step === undefined) continue;
    if (isRoute) yield Array.isArray(route.path) ? step.pattern : readPattern(route.path);
    else if (next !== undefined) {
      for (const found of patternsTo(route, next, step.rest, further)) yield step.pattern + found;
    }
  }
}

/** The router that `layer` leads to, and the applications that are further in. */
function routerOf(
  { route, handle }: Layer,
  inner: readonly Stack[],
): { next?: Stack; further: readonly Stack[] } {
  if (route !== undefined || typeof handle !== "function") return { further: inner };
  if ("stack" in handle && Array.isArray(handle.stack)) {
    return { next: handle as unknown as Stack, further: inner };
  }
  const [next, ...further] = inner;
  // Express's own function around an application that is used by another.
  return handle.name === "mounted_app" && next !== undefined ? { next, further } : { further: inner };
}

/** The patterns of whatever takes exactly `baseUrl`: a function that calls a router does not show it. */
function* patternsOf(router: Stack, baseUrl: string): Generator<string, undefined> {
  for (const layer of router.stack) {
    const step = layer.route === undefined ? take(layer, baseUrl) : undefined;
    if (step === undefined) continue;
    const { next } = routerOf(layer, []);
    if (step.rest === "/") yield step.pattern;
    else if (next !== undefined) for (const found of patternsOf(next, step.rest)) yield step.pattern + found;
  }
}
