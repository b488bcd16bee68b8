import { randomBytes } from "node:crypto";

import {
  type JsonObject,
  WireError,
  readBoolean,
  readObject,
  readRequiredText,
  readText,
  readTextList,
  show,
} from "@payi/core/wire";

import { type AlertChannelKind, type NewAlertChannel, type StoredAlertChannel } from "../../store/alert.ts";
import { type Outgoing } from "../outgoing/outgoing.ts";
import { type SecretBox } from "../secret-box.ts";

/** What is needed to send, and shown to nobody. */
export type ChannelSecret =
  | { readonly kind: "webhook"; readonly url: string; readonly secret: string }
  | { readonly kind: "slack"; readonly url: string }
  | { readonly kind: "email"; readonly to: readonly string[] };

/** A channel that was read, and its new signing secret where it was made here: it is told once. */
export interface ReadChannel {
  readonly channel: NewAlertChannel;
  readonly madeSecret: string | undefined;
}

const KINDS: readonly AlertChannelKind[] = ["webhook", "slack", "email"];
const MOST_RECIPIENTS = 20;
const SIGNING_SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;
const ADDRESS = /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,255}$/;

/**
 * Reads a channel of the wire: `{name, kind, url?, secret?, to?, enabled?}`. What is left out of a change stays.
 *
 * @throws {WireError} `invalid_alert_channel`, `forbidden_target`, `required_field_missing`.
 */
export async function readChannel(
  body: unknown,
  application: string,
  context: { readonly box: SecretBox; readonly outgoing: Outgoing },
  known?: StoredAlertChannel,
): Promise<ReadChannel> {
  const fields = readObject(body, "The channel");
  const kind = readKind(fields["kind"] ?? known?.kind);
  if (known !== undefined && known.kind !== kind) {
    throw invalid(`kind is ${known.kind} and cannot become ${kind}. Make another channel.`);
  }
  const before = known === undefined ? undefined : openSecret(known, context.box);
  const { secret, madeSecret } = readSecret(kind, fields, before);
  if (secret.kind !== "email") await context.outgoing.check(secret.url);
  return {
    channel: {
      application,
      name: readRequiredText(fields["name"] ?? known?.name, "name", 128),
      kind,
      target: describeTarget(secret),
      secret: context.box.seal(JSON.stringify(secret)),
      enabled: readBoolean(fields["enabled"], "enabled") ?? known?.enabled ?? true,
    },
    madeSecret,
  };
}

/** @throws {Error} when the channel was saved under another key. */
export function openSecret(channel: StoredAlertChannel, box: SecretBox): ChannelSecret {
  return JSON.parse(box.open(channel.secret)) as ChannelSecret;
}

/** True where both lead to the same place in the same way. Another secret is another channel. */
export function sameChannel(known: StoredAlertChannel, read: ReadChannel, box: SecretBox): boolean {
  const [left, right] = [openSecret(known, box), openSecret({ ...known, ...read.channel }, box)];
  if (left.kind === "webhook" && right.kind === "webhook" && read.madeSecret !== undefined) {
    return left.url === right.url && known.enabled === read.channel.enabled;
  }
  return JSON.stringify(left) === JSON.stringify(right) && known.enabled === read.channel.enabled;
}

function readKind(value: unknown): AlertChannelKind {
  const kind = KINDS.find((one) => one === value);
  if (kind !== undefined) return kind;
  throw invalid(`kind must be one of ${KINDS.join(", ")}, got ${show(value)}.`);
}

function readSecret(
  kind: AlertChannelKind,
  fields: JsonObject,
  before: ChannelSecret | undefined,
): { readonly secret: ChannelSecret; readonly madeSecret?: string } {
  if (kind === "email") {
    const given = readTextList(fields["to"], "to") ?? (before?.kind === "email" ? before.to : []);
    return { secret: { kind, to: checkRecipients(given) } };
  }
  const knownUrl = before !== undefined && before.kind !== "email" ? before.url : undefined;
  const url = readRequiredText(fields["url"] ?? knownUrl, "url", 2048);
  if (kind === "slack") return { secret: { kind, url } };
  const wanted = readText(fields["secret"], "secret", 128);
  if (wanted !== undefined && !SIGNING_SECRET.test(wanted)) {
    throw invalid(
      "secret must be whsec_ followed by 24 to 64 bytes in base64, as Standard Webhooks has it. Leave it out to have one made.",
    );
  }
  const kept = wanted ?? (before?.kind === "webhook" ? before.secret : undefined);
  if (kept !== undefined) return { secret: { kind, url, secret: kept } };
  const madeSecret = `whsec_${randomBytes(32).toString("base64")}`;
  return { secret: { kind, url, secret: madeSecret }, madeSecret };
}

function checkRecipients(to: readonly string[]): readonly string[] {
  if (to.length === 0 || to.length > MOST_RECIPIENTS) {
    throw invalid(`to must name 1 to ${MOST_RECIPIENTS} e-mail addresses, got ${to.length}.`);
  }
  const wrong = to.find((address) => !ADDRESS.test(address));
  if (wrong === undefined) return to;
  throw invalid(`to has ${show(wrong)}, which is no plain e-mail address such as ops@example.com.`);
}

/** A path of Slack's and a query may be keys themselves. */
function describeTarget(secret: ChannelSecret): string {
  if (secret.kind === "email") return secret.to.join(", ");
  const { origin, pathname, search } = new URL(secret.url);
  if (secret.kind === "slack") return `${origin}/…`;
  return `${origin}${pathname}${search === "" ? "" : "?…"}`;
}

function invalid(message: string): WireError {
  return new WireError("invalid_alert_channel", message);
}
