import { defineConfig } from "vitest/config";

/** Tests run against sources, never against dist: no build comes before them. */
const conditions = ["@payi/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      { extends: true, test: { name: "packages", include: ["packages/*/test/**/*.test.ts"] } },
      {
        extends: true,
        test: { name: "apps", include: ["apps/*/test/**/*.test.{ts,tsx}"], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          testTimeout: 60_000,
          globalSetup: ["test/build-dashboard.ts"],
        },
      },
    ],
    coverage: { provider: "v8", include: ["packages/*/src/**", "apps/server/src/**"] },
  },
});
