/** Everything in the server that could open a connection to somewhere else, and why it may. */
import { readFileSync, readdirSync } from "node:fs";

import { expect, test } from "vitest";

const root = new URL("../../../", import.meta.url);

const OPENING =
  /^(?:node:(?:http2?|https|net|tls|dgram|dns(?:\/promises)?)|undici|nodemailer|openid-client|pg|@clickhouse\/.*)$/;

/** How a source could open a connection: by a module that it imports as more than types, or by a global. */
function waysOut(text: string): readonly string[] {
  const code = text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, "");
  const imported = [...code.matchAll(/import\s+([^;"]*?)\s+from\s+"([^"]+)"/g)]
    .filter(([, names = ""]) => !/^type\b|^\{(?:\s*type [^,}]+,?)+\s*\}$/.test(names))
    .map(([, , target = ""]) => target);
  const loaded = [...code.matchAll(/\b(?:import|require)\(\s*"([^"]+)"/g)].map(([, target = ""]) => target);
  const globals = [...code.matchAll(/(?<![.\w#])(fetch|WebSocket|EventSource)\(/g)].map(
    ([, name = ""]) => name,
  );
  return [...new Set([...[...imported, ...loaded].filter((name) => OPENING.test(name)), ...globals])];
}

test("every place that could open a connection is listed here, with what it connects to", () => {
  const sources = new URL("src/", root);
  const found = readdirSync(sources, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      waysOut(readFileSync(new URL(file, sources), "utf8")).map((way) => `${file} · ${way}`),
    );
  expect(found.toSorted()).toEqual([
    // Commands, to the platform that their environment names.
    "commands/demo.ts · fetch",
    "commands/doctor.ts · fetch",
    "commands/send-events.ts · fetch",
    // Over sockets that outgoing.ts opens.
    "domain/alerts/mailer.ts · nodemailer",
    "domain/outgoing/addresses.ts · node:dns/promises",
    // The one door.
    "domain/outgoing/outgoing.ts · node:http",
    "domain/outgoing/outgoing.ts · node:https",
    "domain/outgoing/outgoing.ts · node:net",
    // With a fetch that goes through the door.
    "http/oidc.ts · openid-client",
    "setup/platform.ts · fetch",
    // The database of PAYI_DATABASE_URL.
    "store/move/target.ts · pg",
    "store/postgres/connect.ts · pg",
    "store/postgres/failure.ts · pg",
    "store/postgres/partitions.ts · pg",
    "store/postgres/readers.ts · pg",
  ]);
});

test("every package that the server brings is known to connect nowhere by itself, or is listed above", () => {
  const { dependencies } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  expect(Object.keys(dependencies).filter((name) => !OPENING.test(name))).toEqual([
    "@fastify/cookie",
    "@fastify/rate-limit",
    "@fastify/static",
    "@fastify/swagger",
    // The server takes prices and the wire's words of it, no client.
    "@payi/core",
    // Listens, and connects nowhere.
    "fastify",
    "ipaddr.js",
    "standardwebhooks",
    "temporal-polyfill",
    "typebox",
  ]);
});
