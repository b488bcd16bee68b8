import { createHash } from "node:crypto";

import { readFact } from "./prompt-facts.ts";

type Schema = Readonly<Record<string, unknown>>;

/** What values are made of. */
interface Source {
  /** Fills text that nothing else fills. */
  readonly topic: string;
  readonly prompt: string;
  /** Where `$ref`s lead. */
  readonly root: unknown;
}

/**
 * A value that fits a JSON schema, for structured output and tool arguments. Knows what the providers accept there:
 * objects, arrays, enums, constants, `anyOf` and local `$ref`s. A property that is named like a line of the prompt
 * (`Location: Moab`) takes what stands there, where that fits; other text is filled with `topic`. A number between a
 * minimum and a maximum is drawn from the upper half by prompt and property, the same each time.
 */
export function sampleSchema(schema: unknown, topic: string, prompt: string): unknown {
  return sample(schema, { topic, prompt, root: schema }, "", 0);
}

const DEEPEST = 8;

/** What a person would write into a property of this name. */
const PHRASES: Readonly<Record<string, string>> = {
  reason: "It answers what was asked and says what to check on the spot.",
};

function sample(given: unknown, source: Source, name: string, depth: number): unknown {
  if (!isSchema(given) || depth > DEEPEST) return source.topic;
  const reference = given["$ref"];
  if (typeof reference === "string") return sample(resolve(reference, source.root), source, name, depth + 1);
  if ("const" in given) return given["const"];
  const fact = name === "" ? undefined : readFact(source.prompt, name);
  if (Array.isArray(given["enum"])) {
    const choices: readonly unknown[] = given["enum"];
    return choices.includes(fact) ? fact : choices[0];
  }
  const choice = given["anyOf"] ?? given["oneOf"];
  if (Array.isArray(choice)) return sample(choice[0], source, name, depth + 1);
  const type = Array.isArray(given["type"]) ? given["type"][0] : given["type"];
  switch (type) {
    case "array":
      return [sample(given["items"], source, name, depth + 1)];
    case "boolean":
      return true;
    case "null":
      return null;
    case "integer":
    case "number":
      return sampleNumber(given, source, name, fact);
    case "string":
      return fact ?? PHRASES[name] ?? source.topic;
    default:
      return sampleProperties(given["properties"], source, depth);
  }
}

function sampleNumber(
  { minimum, maximum }: Schema,
  { prompt }: Source,
  name: string,
  fact: string | undefined,
): number {
  const [least, most] = [numberOf(minimum), numberOf(maximum)];
  const told = fact === undefined ? Number.NaN : Number(fact);
  if (told >= (least ?? -Infinity) && told <= (most ?? Infinity)) return told;
  if (least === undefined || most === undefined) return least ?? 3;
  const [drawn = 0] = createHash("sha256").update(`${name}\n${prompt}`).digest();
  // Models are kind: what they score is in the upper half.
  const middle = Math.ceil((least + most) / 2);
  return middle + (drawn % (Math.floor(most - middle) + 1));
}

function sampleProperties(properties: unknown, source: Source, depth: number): unknown {
  if (!isSchema(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, sample(schema, source, name, depth + 1)]),
  );
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function resolve(reference: string, root: unknown): unknown {
  let found: unknown = root;
  for (const step of reference.replace(/^#\/?/, "").split("/")) {
    if (step !== "") found = isSchema(found) ? found[step] : undefined;
  }
  return found;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
