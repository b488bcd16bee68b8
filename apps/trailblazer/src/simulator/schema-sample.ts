type Schema = Readonly<Record<string, unknown>>;

/**
 * A value that fits a JSON schema, for structured output and tool arguments. Knows what the providers accept there:
 * objects, arrays, enums, constants, `anyOf` and local `$ref`s. Text is filled with `topic`.
 */
export function sampleSchema(schema: unknown, topic: string): unknown {
  return sample(schema, topic, schema, 0);
}

const DEEPEST = 8;

function sample(given: unknown, topic: string, root: unknown, depth: number): unknown {
  if (!isSchema(given) || depth > DEEPEST) return topic;
  const reference = given["$ref"];
  if (typeof reference === "string") return sample(resolve(reference, root), topic, root, depth + 1);
  if ("const" in given) return given["const"];
  if (Array.isArray(given["enum"])) return given["enum"][0];
  const choice = given["anyOf"] ?? given["oneOf"];
  if (Array.isArray(choice)) return sample(choice[0], topic, root, depth + 1);
  const type = Array.isArray(given["type"]) ? given["type"][0] : given["type"];
  switch (type) {
    case "array":
      return [sample(given["items"], topic, root, depth + 1)];
    case "boolean":
      return true;
    case "null":
      return null;
    case "integer":
    case "number":
      return typeof given["minimum"] === "number" ? given["minimum"] : 3;
    case "string":
      return topic;
    default:
      return sampleProperties(given["properties"], topic, root, depth);
  }
}

function sampleProperties(properties: unknown, topic: string, root: unknown, depth: number): unknown {
  if (!isSchema(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, sample(schema, topic, root, depth + 1)]),
  );
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
