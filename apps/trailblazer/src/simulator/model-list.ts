import { type JsonObject } from "./json.ts";
import { MODELS } from "./models.ts";
import { type Flavour, ProviderError } from "./provider-error.ts";

/** What `GET /v1/models` answers: the models of the provider that the client takes this for. */
export function listModels(flavour: Flavour): JsonObject {
  const data = namesOf(flavour).map((name) => encodeModel(flavour, name));
  if (flavour === "openai") return { object: "list", data };
  return { data, has_more: false, first_id: data[0]?.["id"] ?? null, last_id: data.at(-1)?.["id"] ?? null };
}

/** What `GET /v1/models/{name}` answers. @throws {ProviderError} 404 for a model that is not served. */
export function showModel(flavour: Flavour, name: string): JsonObject {
  if (namesOf(flavour).includes(name)) return encodeModel(flavour, name);
  const message = flavour === "anthropic" ? `model: ${name}` : `The model '${name}' does not exist`;
  throw new ProviderError(404, message, { code: "model_not_found", parameter: "model" });
}

function namesOf(flavour: Flavour): readonly string[] {
  return [...MODELS].filter(([, model]) => model.provider === flavour).map(([name]) => name);
}

const SINCE = 1_747_180_800;

function encodeModel(flavour: Flavour, id: string): JsonObject {
  if (flavour === "openai") return { id, object: "model", created: SINCE, owned_by: "simulator" };
  return { type: "model", id, display_name: id, created_at: new Date(SINCE * 1000).toISOString() };
}
