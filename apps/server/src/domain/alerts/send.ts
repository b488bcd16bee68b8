import { WireError } from "@payi/core/wire";
import { Webhook } from "standardwebhooks";

import { type StoredAlertChannel } from "../../store/alert.ts";
import { type OutgoingAnswer, type Outgoing } from "../outgoing/outgoing.ts";
import { type SecretBox } from "../secret-box.ts";
import { openSecret } from "./channel.ts";
import { type Mailer } from "./mailer.ts";
import { type ToldAlert, mailOf, slackBody, webhookBody } from "./message.ts";

/** What sending needs. */
export interface SendContext {
  readonly box: SecretBox;
  readonly outgoing: Outgoing;
  /** Undefined where no mail server is configured. */
  readonly mailer: Mailer | undefined;
}

/** How one attempt went. `again` is false where another one could only end the same way. */
export type SendResult =
  | { readonly delivered: true; readonly status: number | null }
  | {
      readonly delivered: false;
      readonly status: number | null;
      readonly error: string;
      readonly again: boolean;
      readonly retryAfterMs: number | undefined;
    };

const LONGEST_ERROR = 300;

/** Makes one attempt. Never rejects. `deliveryId` is the same at every attempt, so that a receiver can tell a repeat. */
export async function sendAlert(
  context: SendContext,
  channel: StoredAlertChannel,
  alert: ToldAlert,
  deliveryId: string,
  signal?: AbortSignal,
): Promise<SendResult> {
  try {
    const secret = openSecret(channel, context.box);
    if (secret.kind === "email") {
      if (context.mailer === undefined) {
        return failed("No mail server is configured. Set PAYI_SMTP_URL and PAYI_MAIL_FROM.", false);
      }
      await context.mailer.send({ ...mailOf(alert), to: secret.to, id: deliveryId });
      return { delivered: true, status: null };
    }
    const body = secret.kind === "slack" ? slackBody(alert) : webhookBody(alert);
    const signed = secret.kind === "slack" ? {} : signatureOf(secret.secret, deliveryId, body);
    const headers = { "content-type": "application/json", "user-agent": "payi", ...signed };
    return judge(await context.outgoing.send(secret.url, { method: "POST", headers, body, signal }));
  } catch (error) {
    return failed(describe(error), mayHelp(error));
  }
}

function signatureOf(secret: string, id: string, body: string): Readonly<Record<string, string>> {
  const now = new Date();
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign(id, now, body),
  };
}

function judge(answer: OutgoingAnswer): SendResult {
  const { status } = answer;
  if (status >= 200 && status < 300) return { delivered: true, status };
  const again = status === 408 || status === 409 || status === 429 || status >= 500;
  const said = answer.body.replaceAll(/\s+/g, " ").trim().slice(0, 100);
  const error = `It answered ${status}${said === "" ? "" : `: ${said}`}`;
  return { ...failed(error, again), status, retryAfterMs: readRetryAfter(answer.headers["retry-after"]) };
}

function failed(error: string, again: boolean): Extract<SendResult, { readonly delivered: false }> {
  return {
    delivered: false,
    status: null,
    error: error.slice(0, LONGEST_ERROR),
    again,
    retryAfterMs: undefined,
  };
}

/** Seconds, or a date. */
function readRetryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** A target that is forbidden stays so, and so does a mail that was refused for good (5xx). */
function mayHelp(error: unknown): boolean {
  if (WireError.is(error)) return false;
  const code = error instanceof Error && "responseCode" in error ? error.responseCode : undefined;
  return typeof code !== "number" || code < 500;
}

/** Of an address only what {@link Outgoing} says itself: the rest may be a key. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error instanceof AggregateError ? error.errors.map(describe).join("; ") : error.message;
  return inner === "" ? error.name : inner;
}
