import { expect, test } from "vitest";

import { readSettings } from "../../src/commands/settings.ts";

test("without an environment everything has its documented default", () => {
  expect(readSettings({ PORT: "", PAYI_DATA_DIR: "  " })).toEqual({
    port: 4470,
    host: "127.0.0.1",
    dataDirectory: ".payi",
    database: { engine: "sqlite", file: ".payi/payi.sqlite" },
    apiKey: undefined,
    logLevel: "warn",
    parentProcessId: undefined,
  });
});

test("every variable is read", () => {
  const environment = {
    PORT: "0",
    PAYI_HOST: "0.0.0.0",
    HOST: "the-machine",
    PAYI_DATA_DIR: "/data",
    DATABASE_URL: "sqlite:/elsewhere/db",
    PAYI_API_KEY: "k",
    PAYI_LOG: "debug",
    PAYI_PARENT_PID: "7",
  };
  expect(readSettings(environment)).toEqual({
    port: 0,
    host: "0.0.0.0",
    dataDirectory: "/data",
    database: { engine: "sqlite", file: "/elsewhere/db" },
    apiKey: "k",
    logLevel: "debug",
    parentProcessId: 7,
  });
});

test.each([
  [{ PORT: "x" }, /PORT=x is not a whole number/],
  [{ PORT: "70000" }, /from 0 to 65535/],
  [{ PORT: "-1" }, /PORT=-1/],
  [{ PAYI_LOG: "loud" }, /PAYI_LOG=loud is unknown/],
  [{ PAYI_PARENT_PID: "me" }, /PAYI_PARENT_PID=me/],
  [
    { PAYI_DATABASE_URL: "mysql://user:secret@host/db" },
    /^PAYI_DATABASE_URL has the scheme mysql.*sqlite:<file>/,
  ],
  [{ DATABASE_URL: "/a/file" }, /scheme \(none\)/],
])("%j is refused with the rule and the way out", (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
  expect(() => readSettings(environment)).not.toThrow(/secret/);
});
