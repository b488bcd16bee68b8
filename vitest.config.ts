import { fileURLToPath } from "node:url";

import { type Plugin, defineConfig } from "vitest/config";

/** Tests run against sources, never against dist: no build comes before them. */
const conditions = ["@payi/source"];

/** Nest as `manifest` has it, instead of the one beside the tests: the other end of the range that the adapter supports. */
function nestOf(manifest: URL): Plugin {
  return {
    name: "nest-of",
    enforce: "pre",
    resolveId(source) {
      return source.startsWith("@nestjs/")
        ? this.resolve(source, fileURLToPath(manifest), { skipSelf: true })
        : null;
    },
  };
}

const IGNORED = ["**/node_modules/**"];

/** Files that may share a process, since what they test keeps nothing: most of the suite's time is loading modules. */
const STATELESS = ["packages/core/test/{client,cost,providers,wire}/**/*.test.ts"];
/** Each test has a server or a store of its own. */
const SERVER = ["apps/server/test/{abuse,contract,domain,http,routes,setup,store}/**/*.test.ts"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Many tests wait for processes, so a few more files than cores are under way.
    maxWorkers: 3,
    // A machine that is busy with something else may starve a process that a test waits for.
    retry: process.env["CI"] === undefined ? 0 : 2,
    projects: [
      {
        extends: true,
        test: {
          name: "packages",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: [...STATELESS, ...IGNORED],
        },
      },
      { extends: true, test: { name: "stateless", include: STATELESS, isolate: false } },
      {
        extends: true,
        plugins: [nestOf(new URL("packages/nestjs/test/nest-10/package.json", import.meta.url))],
        test: {
          name: "nest 10",
          include: ["packages/nestjs/test/{contract,http,messages,refusal}.test.ts"],
          env: { PAYI_TEST_NEST: "10" },
        },
      },
      {
        extends: true,
        test: {
          name: "apps",
          include: ["apps/*/test/**/*.test.{ts,tsx}"],
          exclude: [...SERVER, ...IGNORED],
          testTimeout: 20_000,
          globalSetup: ["apps/dashboard/test/build-once.ts"],
        },
      },
      { extends: true, test: { name: "server", include: SERVER, testTimeout: 20_000, isolate: false } },
      {
        extends: true,
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          testTimeout: 60_000,
          globalSetup: ["test/build-dashboard.ts", "test/build-packages.ts"],
        },
      },
    ],
    coverage: { provider: "v8", include: ["packages/*/src/**", "apps/server/src/**"] },
  },
});
