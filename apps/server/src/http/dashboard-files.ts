import { existsSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import fastifyStatic from "@fastify/static";
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

import { sendError } from "./errors.ts";

/** Vite puts a hash of the content into the names of these. */
const HASHED = /^assets\/(?:[^/]+\/)*[^/]+-[\w-]{8}\.\w+$/;

const NOT_BUILT = `The Payi API is running, but its dashboard has not been built yet.
In a clone: npx -y pnpm@12 build, then start the server again.
`;

/**
 * Serves the built dashboard from `directory`; without a build, `/` says how to make one. Paths that are neither a
 * file nor a route belong to the dashboard's own navigation and get its page; anything under `/api` is a 404.
 */
export async function registerDashboard(app: FastifyInstance, directory: string | undefined): Promise<void> {
  const files = directory === undefined ? new Set<string>() : listFiles(directory);
  if (directory !== undefined && files.size > 0) {
    await app.register(fastifyStatic, { serve: false, root: directory, cacheControl: false });
  }

  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const forPeople = (request.method === "GET" || request.method === "HEAD") && !/^\/api(?:\/|$)/.test(path);
    if (!forPeople) return notFound(request, reply);
    if (files.size === 0) {
      if (path !== "/") return notFound(request, reply);
      return reply.code(200).type("text/plain; charset=utf-8").send(NOT_BUILT);
    }
    const name = path.slice(1);
    if (files.has(name) && name !== "index.html") {
      const lifetime = HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache";
      return reply.code(200).header("cache-control", lifetime).sendFile(name);
    }
    // A missing script must not be answered with a page; further down a dot may be part of a use case's name.
    const isFile = name.startsWith("assets/") || (/^[^/]+\.\w+$/.test(name) && name !== "index.html");
    if (isFile) return notFound(request, reply);
    return reply.code(200).header("cache-control", "no-cache").sendFile("index.html");
  });
}

/** Where the dashboard's files are: beside us once packed, else in the dashboard's own package, built or not. */
export function dashboardDirectory(): string | undefined {
  const packed = fileURLToPath(new URL("../dashboard", import.meta.url));
  if (existsSync(packed)) return packed;
  try {
    return dirname(fileURLToPath(import.meta.resolve("@payi/dashboard/index.html")));
  } catch {
    return undefined;
  }
}

function listFiles(directory: string): ReadonlySet<string> {
  if (!existsSync(`${directory}/index.html`)) return new Set();
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  return new Set(names.map((name) => name.replaceAll("\\", "/")));
}

function pathOf(request: FastifyRequest): string {
  const path = request.url.split("?", 1)[0] ?? "/";
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = request.url.split("?", 1)[0];
  return sendError(reply, 404, "route_not_found", `There is nothing at ${request.method} ${path}.`);
}
