import {
  type CopilotActivity,
  type CopilotLicensing,
  type CopilotTranscript,
  type IngestEvent,
} from "@payi/core/wire";

import { contentHash } from "./content-hash.ts";

/** Where everything of Copilot Studio is recorded. */
export const COPILOT_CATEGORY = "system.microsoft.copilot";

const DEFAULT_AGENT = "copilot";
const DEFAULT_UNIT = "copilot_credits";
const THOUSANDTHS = 1000;

/** What was said between two messages of the user's. */
interface Turn {
  readonly asked: readonly CopilotActivity[];
  readonly answered: readonly CopilotActivity[];
}

/**
 * One event per turn: what the user said and what the agent answered, in the conversation as instance and the agent as
 * use case. A transcript tells no usage, so these have no cost; what the agent was billed comes with licensing records.
 */
export function transcriptEvents(transcript: CopilotTranscript): readonly IngestEvent[] {
  const { agentName = DEFAULT_AGENT, conversationId, transcriptId, createdMs } = transcript;
  return turnsOf(transcript.activities).map(({ asked, answered }, index): IngestEvent => {
    const messages = [...asked, ...answered];
    const [first] = messages;
    const startMs = first?.timeMs;
    const endMs = answered.at(-1)?.timeMs;
    const channel = messages.find((message) => message.channel !== undefined)?.channel;
    return {
      category: COPILOT_CATEGORY,
      resource: agentName,
      units: {},
      eventTimeMs: startMs ?? createdMs,
      endToEndLatencyMs: asked.length === 0 ? undefined : between(startMs, endMs),
      providerResponseId: `${transcriptId}/${first?.id ?? index}`,
      providerRequestJson: textOf(asked),
      providerResponseJson: textOf(answered),
      useCaseName: agentName,
      useCaseId: conversationId,
      userId: asked.find((message) => message.directoryId !== undefined)?.directoryId,
      properties: {
        "copilot.transcript_id": transcriptId,
        ...(channel === undefined ? {} : { "copilot.channel": channel }),
        "system.usage_source": "unknown",
      },
      useCaseProperties: Object.fromEntries(
        Object.entries(transcript.metrics).map(([name, count]) => [`copilot.${name}`, String(count)]),
      ),
    };
  });
}

/**
 * One event for what a feature of an agent consumed on a day. The same day, agent and feature again is the same event,
 * so that a figure that Microsoft corrects later replaces the earlier one.
 */
export function licensingEvent(licensing: CopilotLicensing): IngestEvent {
  const { agentName, featureName, resourceId } = licensing;
  const timeMs = licensing.dateMs ?? licensing.billingMs;
  const told = {
    "copilot.product": licensing.productName,
    "copilot.resource": licensing.resourceName,
    "copilot.tool": licensing.toolInvoked,
    "copilot.knowledge_sources": licensing.knowledgeSources,
    "copilot.model": licensing.model,
    "copilot.channel": licensing.channel,
  };
  const identity = [timeMs, resourceId, featureName, licensing.unit ?? null, ...Object.values(told)];
  return {
    category: COPILOT_CATEGORY,
    resource: featureName,
    units: unitsOf(licensing),
    eventTimeMs: timeMs,
    providerResponseId: `licensing:${contentHash(JSON.stringify(identity.map((part) => part ?? null)))}`,
    useCaseName: agentName,
    properties: {
      "copilot.resource_id": resourceId,
      ...Object.fromEntries(
        Object.entries(told).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
      ...(licensing.nonBillable === undefined
        ? {}
        : { "copilot.non_billable_quantity": String(licensing.nonBillable) }),
      ...(licensing.consumed === undefined ? { "system.usage_source": "unknown" } : {}),
    },
  };
}

/** Units are whole, and Microsoft's credits may not be: what is left of one is counted in thousandths, the nearest. */
function unitsOf({ consumed, unit }: CopilotLicensing): IngestEvent["units"] {
  if (consumed === undefined) return {};
  const name =
    unit
      ?.toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replaceAll(/^_|_$/g, "") || DEFAULT_UNIT;
  const thousandths = Math.round(consumed * THOUSANDTHS);
  const rest = thousandths % THOUSANDTHS;
  const whole = { [name]: { input: 0, output: (thousandths - rest) / THOUSANDTHS } };
  return rest === 0 ? whole : { ...whole, [`${name}_thousandth`]: { input: 0, output: rest } };
}

function turnsOf(activities: readonly CopilotActivity[]): readonly Turn[] {
  const turns: { asked: CopilotActivity[]; answered: CopilotActivity[] }[] = [];
  for (const activity of activities) {
    if (activity.type !== "message") continue;
    let turn = turns.at(-1);
    if (turn === undefined || (activity.fromUser && turn.answered.length > 0)) {
      turn = { asked: [], answered: [] };
      turns.push(turn);
    }
    (activity.fromUser ? turn.asked : turn.answered).push(activity);
  }
  return turns;
}

function textOf(messages: readonly CopilotActivity[]): string | undefined {
  const texts = messages.flatMap((message) => message.text ?? []);
  return texts.length === 0 ? undefined : JSON.stringify(texts);
}

function between(startMs: number | undefined, endMs: number | undefined): number | undefined {
  return startMs === undefined || endMs === undefined || endMs < startMs ? undefined : endMs - startMs;
}
