import { isObject, objectsOf, textOf } from "../json.ts";
import { MODELS, type SimulatedModel } from "../models.ts";
import { type OfferedTool, type Question } from "../plan.ts";
import { ProviderError } from "../provider-error.ts";

/** The model that a request names. @throws {ProviderError} when none or an unknown one is named. */
export function readModel(given: unknown, kind: SimulatedModel["kind"]): SimulatedModel {
  if (textOf(given) === undefined) throw new ProviderError(400, "you must provide a model parameter");
  const model = MODELS.get(String(given));
  if (model?.provider === "openai" && model.kind === kind) return model;
  throw new ProviderError(
    404,
    `The model \`${String(given)}\` does not exist or you do not have access to it.`,
    {
      code: "model_not_found",
    },
  );
}

/** @throws {ProviderError} always: the parameter is needed and missing. */
export function missing(parameter: string): ProviderError {
  return new ProviderError(400, `Missing required parameter: '${parameter}'.`, {
    code: "missing_required_parameter",
    parameter,
  });
}

/** Functions on offer: nested under `function` in chat, flat in Responses. */
export function readTools(tools: unknown): readonly OfferedTool[] {
  return objectsOf(tools).flatMap((tool) => {
    const offered = isObject(tool["function"]) ? tool["function"] : tool;
    const name = textOf(offered["name"]);
    return tool["type"] !== "function" || name === undefined ? [] : [{ name, schema: offered["parameters"] }];
  });
}

export function readToolChoice(choice: unknown): Question["toolChoice"] {
  if (choice === "none") return "none";
  if (choice === "required") return "any";
  if (!isObject(choice)) return "auto";
  const name = textOf(isObject(choice["function"]) ? choice["function"]["name"] : choice["name"]);
  return name === undefined ? "auto" : { name };
}

/** Schema of a structured answer: under `json_schema` in chat, flat in Responses; `true` for any JSON object. */
export function readAnswerSchema(format: unknown): unknown {
  if (!isObject(format)) return undefined;
  if (format["type"] === "json_object") return true;
  if (format["type"] !== "json_schema") return undefined;
  return isObject(format["json_schema"]) ? format["json_schema"]["schema"] : format["schema"];
}

/** Output is not limited by a request that names no limit; the models themselves stop here. */
export const LONGEST_ANSWER = 16_384;
