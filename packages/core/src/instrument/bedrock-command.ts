/** A command of the AWS client as the HTTP request that it becomes, so that one provider reads both. */
import { type Json, text } from "../providers/read.ts";
import { parseBody } from "./request-body.ts";

/** The path of a command's request, or undefined for one that costs nothing or is not known. */
export function commandPath(command: string | undefined, input: Json): string | undefined {
  const part = (name: string): string => encodeURIComponent(text(input, name) ?? "");
  switch (command) {
    case "ConverseCommand":
      return `/model/${part("modelId")}/converse`;
    case "ConverseStreamCommand":
      return `/model/${part("modelId")}/converse-stream`;
    case "InvokeModelCommand":
      return `/model/${part("modelId")}/invoke`;
    case "InvokeModelWithResponseStreamCommand":
      return `/model/${part("modelId")}/invoke-with-response-stream`;
    case "ApplyGuardrailCommand":
      return `/guardrail/${part("guardrailIdentifier")}/version/${part("guardrailVersion")}/apply`;
    case "InvokeGuardrailChecksCommand":
      return "/guardrail-checks/invoke";
    case "StartAsyncInvokeCommand":
      return "/async-invoke";
    default:
      return undefined;
  }
}

/** The request's body: the model's own for InvokeModel, the command's input for everything else. */
export function commandBody(input: Json): Json | undefined {
  return input["body"] === undefined ? input : parseBody(input["body"]);
}

/**
 * The input with the guardrail's trace asked for, where the application named a guardrail and its version and said
 * nothing of a trace; without it nobody can tell what the guardrail cost. Undefined when nothing has to change.
 */
export function askForTrace(input: Json): Json | undefined {
  if (input["body"] !== undefined) {
    const wanted = input["guardrailIdentifier"] !== undefined && input["guardrailVersion"] !== undefined;
    return wanted && input["trace"] === undefined ? { ...input, trace: "ENABLED" } : undefined;
  }
  const guardrail = input["guardrailConfig"] as Json | undefined;
  const wanted =
    guardrail?.["guardrailIdentifier"] !== undefined && guardrail["guardrailVersion"] !== undefined;
  return wanted && guardrail["trace"] === undefined
    ? { ...input, guardrailConfig: { ...guardrail, trace: "enabled" } }
    : undefined;
}
