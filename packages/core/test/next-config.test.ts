import { expect, expectTypeOf, test } from "vitest";

import { withPayi } from "../src/next-config.ts";

const EXTERNAL = ["@payi/core", "@aws-sdk/client-bedrock-runtime"];

test("the configuration stays as it is, with the packages that must not be bundled added once", () => {
  expect(withPayi({ reactStrictMode: true })).toEqual({
    reactStrictMode: true,
    serverExternalPackages: EXTERNAL,
  });
  const given = { serverExternalPackages: ["sharp", "@payi/core"] };
  expect(withPayi(given).serverExternalPackages).toEqual(["sharp", ...EXTERNAL]);
  expect(given.serverExternalPackages).toEqual(["sharp", "@payi/core"]);
  expectTypeOf(withPayi({ reactStrictMode: true })).toExtend<{
    reactStrictMode: boolean;
    serverExternalPackages: string[];
  }>();
});

test("a configuration that is a function stays one, and gets what Next gives it", async () => {
  const configure = withPayi(async (phase: string) => ({ basePath: `/${phase}` }));
  expect(await configure("build")).toEqual({ basePath: "/build", serverExternalPackages: EXTERNAL });
});
