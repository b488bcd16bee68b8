import { join } from "node:path";

import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";

import { secretKey } from "../../src/commands/secret-key.ts";
import { createSending } from "../../src/domain/alerts/alerts.ts";
import { readChannel } from "../../src/domain/alerts/channel.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { startReceiver } from "../receiver.ts";
import { makeFolder, payi } from "./support.ts";

test("a channel is tested from the command line with the key of the data folder, and the history tells how it went", async () => {
  await using folder = await makeFolder();
  await using receiver = await startReceiver();
  const environment = { PAYI_DATA_DIR: folder.path, PAYI_WEBHOOK_ALLOWED_HOSTS: "http://127.0.0.1:*" };
  const store = await openSqliteStore(join(folder.path, "payi.sqlite"));
  const sending = createSending({
    secretKey: secretKey(folder.path),
    allowedHosts: [{ scheme: "http", host: "127.0.0.1", port: undefined }],
  });
  const wanted = { name: "ops", kind: "webhook", url: `${receiver.url}/hook?token=hidden` };
  const { channel, madeSecret = "" } = await readChannel(wanted, "default", sending);
  await store.createAlertChannel(channel, "test");
  await store.close();
  receiver.answer = () => ({ status: 500 });
  expect(await payi(["alerts", "test", "ops"], environment)).toMatchObject({
    code: 1,
    out: "",
    error: `not delivered to ${receiver.url}/hook?…: It answered 500: said by the receiver\n`,
  });
  const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
  expect(new Webhook(madeSecret).verify(body, headers as Record<string, string>)).toMatchObject({
    type: "alert.test",
  });
  const { out } = await payi(["alerts", "history"], environment);
  expect(out).toMatch(/Test of the channel ops {2}ops dead \(It answered 500: said by the receiver\)\n$/);
  expect(out).not.toContain("hidden");
});
