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

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      { extends: true, test: { name: "packages", include: ["packages/*/test/**/*.test.ts"] } },
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
          testTimeout: 20_000,
          globalSetup: ["apps/dashboard/test/build-once.ts"],
        },
      },
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
