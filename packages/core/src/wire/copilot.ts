/** What Microsoft Copilot Studio exports, as Pay-i takes it (contract 2.2): transcripts and what was billed. */
import {
  WireError,
  isObject,
  readCount,
  readLongText,
  readNumber,
  readObject,
  readRequiredText,
  readText,
  readTime,
  show,
} from "./parse.ts";

/** One entry of a transcript; only messages say something. */
export interface CopilotActivity {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly timeMs: number | undefined;
  /** Anybody but the user is the agent. */
  readonly fromUser: boolean;
  /** The user in Microsoft's directory. */
  readonly directoryId: string | undefined;
  readonly channel: string | undefined;
  readonly text: string | undefined;
}

export interface CopilotTranscript {
  readonly agentName: string | undefined;
  readonly conversationId: string;
  readonly transcriptId: string;
  readonly createdMs: number;
  /** Counts of the whole conversation, by their names on the wire. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly activities: readonly CopilotActivity[];
}

/** What one feature of one agent consumed on one day. */
export interface CopilotLicensing {
  readonly billingMs: number;
  readonly resourceId: string;
  readonly agentName: string | undefined;
  /** Undefined: not told. */
  readonly consumed: number | undefined;
  readonly unit: string | undefined;
  readonly dateMs: number | undefined;
  readonly featureName: string;
  readonly productName: string | undefined;
  readonly resourceName: string | undefined;
  readonly toolInvoked: string | undefined;
  readonly knowledgeSources: string | undefined;
  readonly model: string | undefined;
  readonly channel: string | undefined;
  readonly nonBillable: number | undefined;
}

const METRICS = ["total_activities", "user_messages", "bot_messages", "total_turns"] as const;
const MAX_ACTIVITIES = 10_000;
const USER_ROLE = 1;
/** Before this, a timestamp is in seconds: as milliseconds it would be of 1973. */
const SECONDS_UP_TO = 100_000_000_000;

/** @throws {WireError} naming the field, its value and the rule. */
export function decodeCopilotTranscript(body: unknown): CopilotTranscript {
  const given = readObject(readObject(body, "The body")["transcript"], "transcript");
  const metrics = given["metrics"] === undefined || given["metrics"] === null ? {} : given["metrics"];
  const counts = readObject(metrics, "transcript.metrics");
  return {
    agentName: readText(given["agent_name"], "transcript.agent_name", 256),
    conversationId: readRequiredText(given["conversation_id"], "transcript.conversation_id", 256),
    transcriptId: readRequiredText(given["transcript_id"], "transcript.transcript_id", 256),
    createdMs: requiredTime(given["created_on"], "transcript.created_on"),
    metrics: Object.fromEntries(
      METRICS.flatMap((name) => {
        const count = readCount(counts[name], `transcript.metrics.${name}`);
        return count === undefined ? [] : [[name, count]];
      }),
    ),
    activities: readActivities(given["activities"]),
  };
}

/** @throws {WireError} naming the field, its value and the rule. */
export function decodeCopilotLicensing(body: unknown): CopilotLicensing {
  const given = readObject(body, "The body");
  const resource = readObject(given["resource"], "resource");
  const metadata = readObject(resource["metadata"], "resource.metadata");
  const text = (name: string): string | undefined => readText(metadata[name], `resource.metadata.${name}`);
  return {
    billingMs: requiredTime(given["billing_date_utc"], "billing_date_utc"),
    resourceId: readRequiredText(resource["resourceId"], "resource.resourceId", 256),
    agentName: readText(resource["agent_name"], "resource.agent_name", 256),
    consumed: readAmount(resource["consumed"], "resource.consumed"),
    unit: readText(resource["unit"], "resource.unit", 64),
    dateMs: readTime(resource["date"], "resource.date"),
    featureName: readRequiredText(metadata["FeatureName"], "resource.metadata.FeatureName", 256),
    productName: text("ProductName"),
    resourceName: text("ResourceName"),
    toolInvoked: text("ToolInvoked"),
    knowledgeSources: text("KnowledgeSources"),
    model: text("LLMModel"),
    channel: text("ChannelId"),
    nonBillable: readAmount(metadata["NonBillableQuantity"], "resource.metadata.NonBillableQuantity"),
  };
}

function readActivities(value: unknown): readonly CopilotActivity[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    throw new WireError(
      "request_processing_error",
      `transcript.activities must be an array, got ${show(value)}.`,
    );
  }
  if (value.length > MAX_ACTIVITIES) {
    throw new WireError(
      "request_processing_error",
      `transcript.activities has ${value.length} entries; at most ${MAX_ACTIVITIES} are accepted. Send it in parts.`,
    );
  }
  return value.map((item: unknown, index) => {
    const field = `transcript.activities[${index}]`;
    const activity = readObject(item, field);
    const from = isObject(activity["from"]) ? activity["from"] : {};
    return {
      id: readText(activity["id"], `${field}.id`, 256),
      type: readText(activity["type"], `${field}.type`),
      timeMs: readTimestamp(activity["timestamp"], `${field}.timestamp`),
      fromUser: from["role"] === USER_ROLE,
      directoryId: readText(from["aadObjectId"], `${field}.from.aadObjectId`, 256),
      channel: readText(activity["channelId"], `${field}.channelId`),
      text: readLongText(activity["text"], `${field}.text`),
    };
  });
}

/** Whole seconds or milliseconds since 1970; 0 is what .NET sends for none. */
function readTimestamp(value: unknown, field: string): number | undefined {
  const given = readNumber(value, field);
  if (given === undefined || given === 0) return undefined;
  if (Number.isSafeInteger(given) && given > 0) return given < SECONDS_UP_TO ? given * 1000 : given;
  throw new WireError(
    "request_processing_error",
    `${field} must be whole seconds or milliseconds since 1970, got ${show(given)}.`,
  );
}

function readAmount(value: unknown, field: string): number | undefined {
  const amount = readNumber(value, field);
  if (amount === undefined || (amount >= 0 && amount <= 2_147_483_647)) return amount;
  throw new WireError(
    "request_processing_error",
    `${field} must be a number from 0 to 2147483647, got ${show(amount)}.`,
  );
}

function requiredTime(value: unknown, field: string): number {
  const time = readTime(value, field);
  if (time !== undefined) return time;
  throw new WireError("required_field_missing", `${field} is required.`);
}
