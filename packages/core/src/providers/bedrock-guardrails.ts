/** What a guardrail's assessments say was checked: units of up to 1,000 characters, by policy. */
import { type UnitCount, type Units, addUnit } from "../usage.ts";
import { type Json, child, count, isJson, text } from "./read.ts";

/** A guardrail that stopped the answer is no failed call: it was served and is billed (contract 6, 8.4). */
export const INTERVENED: Readonly<Record<string, string>> = {
  "system.failure": "guardrail_intervened",
  "system.aws.bedrock.guardrail.action": "INTERVENED",
};

/** Which guardrail a request names, as properties (contract 6): in Converse's body, or beside another model's. */
export function namedGuardrail(input: Json): Readonly<Record<string, string>> | undefined {
  const named = isJson(input["guardrailConfig"]) ? child(input, "guardrailConfig") : input;
  const id = text(named, "guardrailIdentifier");
  if (id === undefined) return undefined;
  const version = text(named, "guardrailVersion");
  return {
    "system.aws.bedrock.guardrail.id": id,
    ...(version === undefined ? {} : { "system.aws.bedrock.guardrail.version": version }),
  };
}

/** Policy → unit (contract 3.4). `automatedReasoningPolicies` counts policies, not work. */
const GUARDRAIL_UNITS: Readonly<Record<string, string>> = {
  topicPolicyUnits: "guardrail_topic",
  contentPolicyUnits: "guardrail_content",
  contentPolicyImageUnits: "guardrail_content_image",
  wordPolicyUnits: "guardrail_word_free",
  sensitiveInformationPolicyUnits: "guardrail_sensitive_information",
  sensitiveInformationPolicyFreeUnits: "guardrail_sensitive_information_free",
  contextualGroundingPolicyUnits: "guardrail_contextual_grounding",
  automatedReasoningPolicyUnits: "guardrail_automated_reasoning",
};

/** Checks without a guardrail of their own tell text units by check. */
const CHECK_UNITS: Readonly<Record<string, string>> = {
  contentFilter: "guardrail_content",
  promptAttack: "guardrail_prompt_attack",
  sensitiveInformation: "guardrail_sensitive_information",
};

/** Adds one assessment's `usage`. */
export function addGuardrailUsage(units: Record<string, UnitCount>, usage: Json): void {
  for (const [name, unit] of Object.entries(GUARDRAIL_UNITS)) addUnit(units, unit, count(usage, name), 0);
  for (const [name, unit] of Object.entries(CHECK_UNITS)) {
    addUnit(units, unit, count(child(usage, name), "textUnits"), 0);
  }
}

/** Adds every assessment of a guardrail trace, of what went in and of what came out. */
export function addGuardrailTrace(units: Record<string, UnitCount>, trace: Json): void {
  const guardrail = child(trace, "guardrail");
  const found: unknown[] = [
    guardrail["inputAssessment"],
    guardrail["outputAssessments"],
    guardrail["input"],
    guardrail["outputs"],
  ];
  for (const assessments of found) {
    for (const assessment of assessmentsIn(assessments)) {
      addGuardrailUsage(units, child(child(assessment, "invocationMetrics"), "usage"));
    }
  }
}

/** Guardrail id → assessment, or → a list of them, or a list of such maps. */
function assessmentsIn(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(assessmentsIn);
  if (!isJson(value)) return [];
  return value["invocationMetrics"] === undefined ? Object.values(value).flatMap(assessmentsIn) : [value];
}

/** The units with those of a guardrail trace; a trace without units of its own adds none. */
export function withGuardrails(units: Units | undefined, trace: Json): Units | undefined {
  if (Object.keys(trace).length === 0) return units;
  const all: Record<string, UnitCount> = { ...units };
  addGuardrailTrace(all, trace);
  return units === undefined && Object.keys(all).length === 0 ? undefined : all;
}
