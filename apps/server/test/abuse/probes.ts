/** Requests with one hostile text in them, for every place of the API document where a text can stand. */

/** What is read of JSON Schema as the document has it. */
interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly format?: string;
}

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

/** The part of an OpenAPI document that probes are made from. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** One request; `place` names where the text stands. */
export interface Probe {
  readonly place: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** A place for a text: the request with that text there, and plain values elsewhere. */
export type Place = (text: string) => Probe;

/** Every place of every operation under /api/v1; the live stream, which never ends, is left out. */
export function placesOf(document: ApiDocument): readonly Place[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    path.startsWith("/api/v1/") && path !== "/api/v1/events/stream"
      ? Object.entries(operations).flatMap(([method, operation]) =>
          placesOfOperation(path, method, operation),
        )
      : [],
  );
}

function placesOfOperation(path: string, method: string, operation: Operation): readonly Place[] {
  const parameters = operation.parameters ?? [];
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const probe = (place: string, values: ReadonlyMap<string, string>, body: unknown): Probe => {
    const inPath = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encode(values.get(name) ?? "plain"));
    const query = parameters
      .filter(({ in: where, name }) => where === "query" && values.has(name))
      .map(({ name }) => `${name.replace("<key>", "key")}=${encode(values.get(name) ?? "")}`);
    return {
      place: `${method.toUpperCase()} ${path} ${place}`,
      method: method.toUpperCase(),
      path: inPath.slice("/api/v1".length) + (query.length === 0 ? "" : `?${query.join("&")}`),
      body,
    };
  };
  const plain = schema === undefined ? undefined : plainValue(schema);
  return [
    ...parameters.map(
      ({ in: where, name }): Place =>
        (text) =>
          probe(`${where} ${name}`, new Map([[name, text]]), plain),
    ),
    ...(schema === undefined ? [] : placesOfBody(schema)).map(
      ({ name, fill }): Place =>
        (text) =>
          probe(`body ${name}`, new Map(), fill(text)),
    ),
  ];
}

/** A URL holds no half of a surrogate pair. */
function encode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}

interface BodyPlace {
  readonly name: string;
  readonly fill: (text: string) => unknown;
}

/** One for each text, each name of a map and each number, which gets a text too. */
function placesOfBody(schema: Schema): readonly BodyPlace[] {
  const chosen = chooseBranch(schema);
  if (chosen.items !== undefined) {
    return placesOfBody(chosen.items).map(({ name, fill }) => ({
      name: `[]${name}`,
      fill: (text) => [fill(text)],
    }));
  }
  if (chosen.properties === undefined && typeof chosen.additionalProperties === "object") {
    const inner = chosen.additionalProperties;
    return [
      { name: "{name}", fill: (text) => Object.fromEntries([[text, plainValue(inner)]]) },
      ...placesOfBody(inner).map(({ name, fill }) => ({
        name: `{}${name}`,
        fill: (text: string) => ({ text: fill(text) }),
      })),
    ];
  }
  if (chosen.properties === undefined) return [{ name: "", fill: (text) => text }];
  return Object.entries(chosen.properties).flatMap(([field, inner]) =>
    placesOfBody(inner).map(({ name, fill }) => ({
      name: `.${field}${name}`,
      fill: (text: string) => ({ ...(plainValue(chosen) as object), [field]: fill(text) }),
    })),
  );
}

function chooseBranch(schema: Schema): Schema {
  return schema.anyOf?.find(({ type }) => type !== "null") ?? schema;
}

/** Something that the schema takes, with a category and a model that have a price. */
function plainValue(schema: Schema, name = ""): unknown {
  const chosen = chooseBranch(schema);
  if (name === "category") return "system.anthropic";
  if (name === "resource") return "claude-sonnet-4-20250514";
  if (name === "units") return { text: { input: 1, output: 1 } };
  if (chosen.enum !== undefined) return chosen.enum[0];
  if (chosen.items !== undefined) return [plainValue(chosen.items, name)];
  if (chosen.properties !== undefined) {
    const fields = Object.entries(chosen.properties).map(([field, inner]) => [
      field,
      plainValue(inner, field),
    ]);
    return Object.fromEntries(fields);
  }
  if (chosen.type === "object") return {};
  if (chosen.type === "integer" || chosen.type === "number") return 1;
  if (chosen.type === "boolean") return true;
  return chosen.format === "date-time" ? "2026-01-01T00:00:00Z" : "plain";
}
