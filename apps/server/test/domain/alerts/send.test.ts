import { once } from "node:events";
import { type AddressInfo } from "node:net";

import { SMTPServer } from "smtp-server";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";

import { createSending } from "../../../src/domain/alerts/alerts.ts";
import { readChannel } from "../../../src/domain/alerts/channel.ts";
import { type ToldAlert } from "../../../src/domain/alerts/message.ts";
import { sendAlert } from "../../../src/domain/alerts/send.ts";
import { SecretBox } from "../../../src/domain/secret-box.ts";
import { type Receiver, startReceiver } from "../../receiver.ts";

const ALERT: ToldAlert = {
  id: "alert-1",
  application: "default",
  ruleId: "rule-1",
  ruleName: "unpriced\r\nBcc: everybody@example.com",
  kind: "unpriced",
  subject: "s",
  period: "2026-11-21",
  title: "No price for <!channel> & others\r\nBcc: everybody@example.com",
  body: "Look at <https://evil.example|this>.",
  facts: { resource: "x", calls: 3 },
  createdMs: Date.parse("2026-11-21T12:00:00Z"),
};

let receiver: Receiver;
let mailServer: SMTPServer;
const mails: { readonly from: string; readonly to: readonly string[]; readonly text: string }[] = [];
beforeAll(async () => {
  receiver = await startReceiver();
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      if (!address.startsWith("nobody")) return done();
      const refusal = Object.assign(new Error("no such mailbox"), {
        responseCode: address === "nobody-now@example.com" ? 450 : 550,
      });
      return done(refusal);
    },
    onData(stream, session, done) {
      const chunks: Uint8Array[] = [];
      stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : (mailFrom?.address ?? ""),
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString("utf8"),
        });
        done();
      });
    },
  });
  const listening = mailServer.listen(0, "127.0.0.1");
  await once(listening, "listening");
});
afterAll(async () => {
  await receiver[Symbol.asyncDispose]();
  await new Promise<void>((resolve) => {
    mailServer.close(resolve);
  });
});

function context(mail = true) {
  const { port } = mailServer.server.address() as AddressInfo;
  return createSending({
    secretKey: "the key of these tests",
    allowedHosts: [{ scheme: "http", host: "127.0.0.1", port: undefined }],
    mail: mail
      ? {
          host: "localhost",
          port,
          secure: false,
          user: undefined,
          password: undefined,
          from: "Payi <payi@example.com>",
        }
      : undefined,
  });
}

async function channelOf(fields: Record<string, unknown>) {
  const { channel, madeSecret } = await readChannel({ name: "c", ...fields }, "default", context());
  return { stored: { ...channel, id: "c", createdMs: 0, updatedMs: 0 }, madeSecret };
}

test("a mail goes to everybody it is for, and a name with line breaks adds no header", async () => {
  const { stored } = await channelOf({ kind: "email", to: ["ops@example.com", "jane@example.com"] });
  expect(await sendAlert(context(), stored, ALERT, "delivery-1")).toEqual({ delivered: true, status: null });
  const [mail] = mails;
  expect(mail).toMatchObject({ from: "payi@example.com", to: ["ops@example.com", "jane@example.com"] });
  const [head = "", ...text] = mail?.text.split("\r\n\r\n") ?? [];
  const folded = head.replaceAll(/\r\n[ \t]+/g, " ");
  expect(folded).toContain("Subject: [Payi] No price for <!channel> & others Bcc: everybody@example.com");
  expect(folded).toContain("Message-ID: <delivery-1@payi>");
  expect(folded).not.toMatch(/^Bcc:/im);
  expect(text.join()).toContain("calls: 3");
});

test("a mailbox that is not there is not tried again, one that is busy is, and so is a server that is away", async () => {
  const send = async (to: string) => {
    const { stored } = await channelOf({ kind: "email", to: [to] });
    return sendAlert(context(), stored, ALERT, "d");
  };
  expect(await send("nobody@example.com")).toMatchObject({ delivered: false, again: false });
  expect(await send("nobody-now@example.com")).toMatchObject({ delivered: false, again: true });
  const { stored } = await channelOf({ kind: "email", to: ["ops@example.com"] });
  const away = createSending({
    secretKey: "the key of these tests",
    mail: {
      host: "127.0.0.1",
      port: 1,
      secure: false,
      user: undefined,
      password: undefined,
      from: "a@example.com",
    },
  });
  expect(await sendAlert(away, stored, ALERT, "d")).toMatchObject({ delivered: false, again: true });
  expect(await sendAlert(context(false), stored, ALERT, "d")).toMatchObject({
    again: false,
    error: "No mail server is configured. Set PAYI_SMTP_URL and PAYI_MAIL_FROM.",
  });
});

test("a password is sent over TLS only", async () => {
  const { stored } = await channelOf({ kind: "email", to: ["ops@example.com"] });
  const { port } = mailServer.server.address() as AddressInfo;
  const withPassword = createSending({
    secretKey: "the key of these tests",
    mail: { host: "127.0.0.1", port, secure: false, user: "u", password: "hidden", from: "a@example.com" },
  });
  const before = mails.length;
  const result = await sendAlert(withPassword, stored, ALERT, "d");
  expect(result).toMatchObject({ delivered: false });
  expect(JSON.stringify(result)).not.toContain("hidden");
  expect(mails).toHaveLength(before);
});

test("Slack gets one text in which no name can mention anybody", async () => {
  const { stored } = await channelOf({ kind: "slack", url: `${receiver.url}/services/T/B/x` });
  expect(await sendAlert(context(), stored, ALERT, "d")).toEqual({ delivered: true, status: 200 });
  const { text } = JSON.parse(receiver.received.at(-1)?.body ?? "") as { text: string };
  expect(text).toContain("No price for &lt;!channel&gt; &amp; others");
  expect(text).not.toMatch(/<|>/);
});

test("a webhook is signed over its id, its time and its very body", async () => {
  const { stored, madeSecret = "" } = await channelOf({ kind: "webhook", url: receiver.url });
  await sendAlert(context(), stored, ALERT, "delivery-2");
  const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: "" };
  const given = headers as Record<string, string>;
  expect(new Webhook(madeSecret).verify(body, given)).toMatchObject({ data: { facts: ALERT.facts } });
  expect(given["webhook-id"]).toBe("delivery-2");
  expect(() => new Webhook(madeSecret).verify(`${body} `, given)).toThrow("No matching signature");
  expect(() => new Webhook(madeSecret).verify(body, { ...given, "webhook-id": "another" })).toThrow(
    "No matching signature",
  );
});

test("a channel that was saved under another key says so, and may be sent to once the key is back", async () => {
  const { stored } = await channelOf({ kind: "slack", url: receiver.url });
  const other = createSending({ secretKey: "another key altogether" });
  const result = await sendAlert(other, stored, ALERT, "d");
  expect(result).toMatchObject({ delivered: false, again: true });
  expect(JSON.stringify(result)).toContain("PAYI_SECRET_KEY");
});

test("what is sealed is another text each time, and no other text opens", () => {
  const box = new SecretBox("the key of these tests");
  const [first, second] = [box.seal("hidden"), box.seal("hidden")];
  expect(first).not.toBe(second);
  expect([box.open(first), box.open(second)]).toEqual(["hidden", "hidden"]);
  expect(() => box.open(`${first.slice(0, -4)}AAAA`)).toThrow(/authenticate/);
});
