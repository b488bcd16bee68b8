import { expect, test } from "vitest";

import { readSettings } from "../../src/commands/settings.ts";

test("without an environment everything has its documented default", () => {
  expect(readSettings({ PORT: "", PAYI_DATA_DIR: "  " })).toMatchObject({
    port: 4470,
    host: "127.0.0.1",
    dataDirectory: ".payi",
    database: { engine: "sqlite", file: ".payi/payi.sqlite" },
    apiKey: undefined,
    logLevel: "warn",
    signIn: { publicUrl: undefined, oidc: undefined },
    clickHouse: undefined,
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
    PAYI_PUBLIC_URL: "https://payi.example.com/",
    PAYI_OIDC_ISSUER: "https://login.example.com",
    PAYI_OIDC_CLIENT_ID: "payi",
    PAYI_OIDC_CLIENT_SECRET: "s",
    PAYI_PARENT_PID: "7",
    PAYI_WEBHOOK_ALLOWED_HOSTS: "http://127.0.0.1:*, https://Hooks.internal",
    PAYI_SMTP_URL: "smtps://us%40er:p%3A@mail.example.com",
    PAYI_MAIL_FROM: "payi@example.com",
    PAYI_SECRET_KEY: "sixteen characters",
    PAYI_CLICKHOUSE_URL: "https://us:pw@clickhouse.internal:8443/payi",
  };
  expect(readSettings(environment)).toMatchObject({
    port: 0,
    host: "0.0.0.0",
    dataDirectory: "/data",
    database: { engine: "sqlite", file: "/elsewhere/db" },
    apiKey: "k",
    logLevel: "debug",
    signIn: {
      publicUrl: new URL("https://payi.example.com"),
      oidc: { issuer: new URL("https://login.example.com"), clientId: "payi", clientSecret: "s" },
    },
    clickHouse: new URL("https://us:pw@clickhouse.internal:8443/payi"),
    parentProcessId: 7,
    alerts: {
      secretKey: "sixteen characters",
      allowedHosts: [
        { scheme: "http", host: "127.0.0.1", port: undefined },
        { scheme: "https", host: "hooks.internal", port: 443 },
      ],
      mail: { host: "mail.example.com", port: 465, secure: true, user: "us@er", password: "p:" },
    },
  });
});

test.each([
  [{ PAYI_WEBHOOK_ALLOWED_HOSTS: "*" }, /PAYI_WEBHOOK_ALLOWED_HOSTS: "\*" is no host/],
  [{ PAYI_SMTP_URL: "mail:25" }, /PAYI_SMTP_URL is no address/],
  [{ PAYI_SMTP_URL: "smtp://mail" }, /PAYI_MAIL_FROM= is no sender/],
  [{ PAYI_SECRET_KEY: "short" }, /PAYI_SECRET_KEY has 5 characters/],
  [{ PAYI_CLICKHOUSE_URL: "clickhouse:9000" }, /PAYI_CLICKHOUSE_URL is no address of ClickHouse's HTTP/],
  [{ PAYI_CLICKHOUSE_URL: "https://h/a/b" }, /more behind the host than the name of a database: h\/a\/b/],
  [{ PORT: "x" }, /PORT=x is not a whole number/],
  [{ PORT: "70000" }, /from 0 to 65535/],
  [{ PORT: "-1" }, /PORT=-1/],
  [{ PAYI_LOG: "loud" }, /PAYI_LOG=loud is unknown/],
  [{ PAYI_PARENT_PID: "me" }, /PAYI_PARENT_PID=me/],
  [
    { PAYI_DATABASE_URL: "mysql://user:secret@host/db" },
    /^PAYI_DATABASE_URL has the scheme mysql.*sqlite:<file>/,
  ],
  [
    { PAYI_PUBLIC_URL: "http://payi.example.com" },
    /PAYI_PUBLIC_URL=http.*nor an http address of this machine/,
  ],
  [{ PAYI_OIDC_CLIENT_SECRET: "secret" }, /^Missing: PAYI_OIDC_ISSUER, PAYI_OIDC_CLIENT_ID\./],
  [
    { PAYI_OIDC_ISSUER: "https://a", PAYI_OIDC_CLIENT_ID: "b", PAYI_OIDC_CLIENT_SECRET: "c" },
    /PAYI_PUBLIC_URL is missing/,
  ],
  [{ DATABASE_URL: "/a/file" }, /scheme \(none\)/],
])("%j is refused with the rule and the way out", (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
  expect(() => readSettings(environment)).not.toThrow(/secret/);
});
