import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { registerDashboard } from "../../src/http/dashboard-files.ts";

let directory: string;
let app: FastifyInstance;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "payi-dashboard-"));
  await mkdir(join(directory, "assets"));
  await writeFile(join(directory, "index.html"), "<title>Payi</title>");
  await writeFile(join(directory, "icon.svg"), "<svg/>");
  await writeFile(join(directory, "assets", "index-D74uO1TZ.js"), "1");
  app = Fastify();
  await registerDashboard(app, directory);
});
afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

describe("with a build", () => {
  test.each([
    "/",
    "/use-cases/trail_finder",
    "/use-cases/doc.summary",
    "/requests?range=7d",
    "/index.html",
    "/a%2Fb",
  ])("%s is the dashboard's page, never cached blindly", async (url) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain("<title>Payi</title>");
    expect(answer.headers["cache-control"]).toBe("no-cache");
  });

  test("files with a hash in their name may be kept for ever, others not", async () => {
    const script = await app.inject("/assets/index-D74uO1TZ.js");
    expect(script.headers["cache-control"]).toContain("immutable");
    expect(script.headers["content-type"]).toContain("javascript");
    expect((await app.inject("/icon.svg")).headers["cache-control"]).toBe("no-cache");
  });

  test.each(["/assets/gone.js", "/assets/..%2f..%2fpackage.json", "/api/nope", "/%00.js"])(
    "%s is a 404",
    async (url) => {
      expect((await app.inject(url)).statusCode).toBe(404);
    },
  );

  test("a page is only for reading", async () => {
    expect((await app.inject({ method: "POST", url: "/" })).statusCode).toBe(404);
    expect((await app.inject({ method: "HEAD", url: "/" })).statusCode).toBe(200);
  });
});

test("without a build, / says how to make one", async () => {
  const bare = Fastify();
  await registerDashboard(bare, join(directory, "missing"));
  const answer = await bare.inject("/");
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain("pnpm@12 build");
  expect((await bare.inject("/other")).statusCode).toBe(404);
  await bare.close();
});
