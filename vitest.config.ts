import { fileURLToPath } from "node:url";

import { type Plugin, defineConfig } from "vitest/config";

import { bundledThreads } from "./test/bundled-server.ts";
import { MixedOrder } from "./test/mixed-order.ts";

/** Tests run against sources, never against dist: no build comes before them. */
const conditions = ["@payi/source"];

/** Nest as `manifest` has it, instead of the one beside the tests: the other end of the range that the adapter supports. */
function nestOf(manifest: URL): Plugin {
  return {
    // Vitest keeps what it transformed by the names of the plugins: versions must not share one.
    name: `nest-of ${fileURLToPath(manifest)}`,
    enforce: "pre",
    resolveId(source) {
      return source.startsWith("@nestjs/")
        ? this.resolve(source, fileURLToPath(manifest), { skipSelf: true })
        : null;
    },
  };
}

// The servers, stores and commands of the tests run from the sources, each of some hundred modules, in hundreds of
// processes and threads: compiling them once is a third of the suite. Coverage wants every function as it was written.
if (!process.argv.includes("--coverage")) {
  process.env["NODE_COMPILE_CACHE"] ??= fileURLToPath(
    new URL("node_modules/.cache/payi-tests", import.meta.url),
  );
}

const IGNORED = ["**/node_modules/**"];

/** Files that may share a process, since their tests give back what they take: loading modules is most of their time. */
const SHARED = [
  "packages/ai-sdk/test/*.test.ts",
  "packages/core/test/{client,cost,instrument,limits,providers,transparency,web,wire}/**/*.test.ts",
  "apps/dashboard/test/!(*pages|bundle).test.ts",
];
/** The same, among themselves alone: what they set for a whole application would reach tests of single functions. */
const FRAMEWORKS = ["packages/{express,nestjs,next}/test/*.test.ts"];
/** The same again: what is asked of the reference app within the process of the test. */
const TRAILBLAZER = ["apps/trailblazer/test/{!(page|start),simulator/*}.test.ts"];
/** Each test has a server or a store of its own. */
const SERVER = ["apps/server/test/{abuse,contract,domain,http,routes,setup,store}/**/*.test.ts"];
/** Where tests start the server as a program. */
const SERVES = ["test/bundled-server.ts"];

export default defineConfig({
  plugins: [bundledThreads()],
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Many tests wait for processes, so a few more files than cores are under way.
    maxWorkers: 4,
    sequence: { sequencer: MixedOrder },
    // Limits for what hangs, not for what is slow on a machine that is busy.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // A machine that is busy with something else may starve a process that a test waits for.
    retry: process.env["CI"] === undefined ? 0 : 2,
    setupFiles: ["./test/fresh-attempts.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "packages",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: [...SHARED, ...FRAMEWORKS, ...IGNORED],
          globalSetup: SERVES,
        },
      },
      { extends: true, test: { name: "shared", include: SHARED, isolate: false } },
      { extends: true, test: { name: "frameworks", include: FRAMEWORKS, isolate: false } },
      { extends: true, test: { name: "trailblazer", include: TRAILBLAZER, isolate: false } },
      {
        extends: true,
        plugins: [nestOf(new URL("packages/nestjs/test/nest-10/package.json", import.meta.url))],
        test: {
          name: "nest 10",
          isolate: false,
          include: ["packages/nestjs/test/{contract,http,messages,refusal,routes}.test.ts"],
          env: { PAYI_TEST_NEST: "10" },
        },
      },
      // Between the two ends: only where all of the matrix is asked for.
      ...(process.env["PAYI_MATRIX"] === undefined
        ? []
        : [
            {
              extends: true as const,
              plugins: [nestOf(new URL("packages/nestjs/test/nest-11/package.json", import.meta.url))],
              test: {
                name: "nest 11",
                isolate: false,
                include: ["packages/nestjs/test/{contract,http,messages,refusal,routes}.test.ts"],
                env: { PAYI_TEST_NEST: "11" },
              },
            },
          ]),
      {
        extends: true,
        test: {
          name: "apps",
          include: ["apps/*/test/**/*.test.ts"],
          exclude: [...SERVER, ...TRAILBLAZER, ...IGNORED, "apps/dashboard/**"],
          globalSetup: SERVES,
        },
      },
      { extends: true, test: { name: "server", include: SERVER, isolate: false, globalSetup: SERVES } },
      {
        extends: true,
        test: {
          name: "built",
          include: ["test/**/*.test.ts", "apps/dashboard/test/{*pages,bundle}.test.ts"],
          globalSetup: [...SERVES, "apps/dashboard/test/build-once.ts", "test/build-packages.ts"],
        },
      },
    ],
    coverage: { provider: "v8", include: ["packages/*/src/**", "apps/server/src/**"] },
  },
});
