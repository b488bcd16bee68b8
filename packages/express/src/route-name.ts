import { type Request } from "express";

/** `GET /api/trails/:id`, never the concrete path: that would make a use case of every id. Undefined before a route matched. */
export function routeName(request: Request): string | undefined {
  const route: unknown = request.route;
  if (typeof route !== "object" || route === null || !("path" in route)) return undefined;
  const path = Array.isArray(route.path) ? (route.path[0] as unknown) : route.path;
  if (typeof path !== "string") return `${request.method} ${request.baseUrl}`;
  return `${request.method} ${request.baseUrl}${path}`;
}
