/** The API document as one page of plain HTML: no script, no style of its own, so that the strict policy holds. */
import { type OpenAPIV3_1 } from "openapi-types";

type Schema = OpenAPIV3_1.SchemaObject;

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** Everything in `document`, by chapter, with the shape of every body and answer. */
export function referencePage(document: OpenAPIV3_1.Document): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method];
      return operation === undefined ? [] : [{ path, method, operation }];
    }),
  );
  const chapters = (document.tags ?? []).map(({ name, description = "" }) => ({
    name,
    description,
    operations: operations.filter(({ operation }) => operation.tags?.includes(name)),
  }));
  const full = chapters.filter((chapter) => chapter.operations.length > 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(document.info.title)} API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/api.css">
</head>
<body>
<nav aria-label="Chapters"><a href="/">Dashboard</a>${full.map(({ name }) => `<a href="#${slug(name)}">${escape(name)}</a>`).join("")}</nav>
<main>
<h1>${escape(document.info.title)} API <small>${escape(document.info.version)}</small></h1>
<p>${escape(document.info.description ?? "")} The same as <a href="/docs/openapi.json">OpenAPI 3.1</a>.</p>
${full.map(chapterSection).join("\n")}
</main>
</body>
</html>
`;
}

interface Documented {
  readonly path: string;
  readonly method: string;
  readonly operation: OpenAPIV3_1.OperationObject;
}

function chapterSection(chapter: {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Documented[];
}): string {
  return `<section id="${slug(chapter.name)}">
<h2>${escape(chapter.name)}</h2>
<p>${escape(chapter.description)}</p>
${chapter.operations.map(operationDetails).join("\n")}
</section>`;
}

function operationDetails({ path, method, operation }: Documented): string {
  const ours = "x-payi-addition" in operation ? " <span>addition</span>" : "";
  const parameters = (operation.parameters ?? []) as readonly OpenAPIV3_1.ParameterObject[];
  const body = jsonShape((operation.requestBody as OpenAPIV3_1.RequestBodyObject | undefined)?.content);
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => status !== "default");
  return `<details id="${slug(`${method} ${path}`)}">
<summary><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code> ${escape(operation.summary ?? "")}${ours}</summary>
${operation.description === undefined ? "" : `<p>${escape(operation.description)}</p>`}
${parameters.length === 0 ? "" : `<h3>Parameters</h3><dl>${parameters.map(parameterEntry).join("")}</dl>`}
${body === undefined ? "" : `<h3>Body</h3>${shape(body)}`}
${answers.map(([status, answer]) => answerPart(status, answer as OpenAPIV3_1.ResponseObject)).join("")}
</details>`;
}

function parameterEntry(parameter: OpenAPIV3_1.ParameterObject): string {
  const { name, in: place, required, schema, description = "" } = parameter;
  return entry(`${escape(name)} <i>${escape(place)}</i>`, { ...schema, description }, required === true);
}

function answerPart(status: string, answer: OpenAPIV3_1.ResponseObject): string {
  const schema = jsonShape(answer.content);
  return `<h3>${escape(status)}</h3>${schema === undefined ? "" : shape(schema)}`;
}

function jsonShape(
  content: Readonly<Record<string, OpenAPIV3_1.MediaTypeObject>> | undefined,
): Schema | undefined {
  return Object.values(content ?? {})[0]?.schema;
}

/** An object as a list of its fields, an array as its items, anything else as its type. */
function shape(schema: Schema): string {
  const plain = withoutNull(schema);
  if (plain.properties !== undefined) {
    const required = new Set(plain.required);
    const fields = Object.entries(plain.properties);
    return `<dl>${fields.map(([name, field]) => entry(escape(name), field as Schema, required.has(name))).join("")}</dl>`;
  }
  if (plain.type === "array") return shape(plain.items);
  return `<p>${escape(typeOf(schema))}</p>`;
}

/** `nameHtml` is escaped already. */
function entry(nameHtml: string, schema: Schema, required: boolean): string {
  const plain = withoutNull(schema);
  const inner = plain.type === "array" ? withoutNull(plain.items) : plain;
  const nested = inner.properties === undefined ? "" : shape(inner);
  const about = [typeOf(schema), required ? "" : "optional", schema.description ?? plain.description ?? ""];
  return `<dt>${nameHtml}</dt><dd>${about
    .filter((part) => part !== "")
    .map(escape)
    .join(" · ")}${nested}</dd>`;
}

function withoutNull(schema: Schema): Schema {
  const choices = (schema.anyOf ?? []) as readonly Schema[];
  const others = choices.filter((choice) => choice.type !== "null");
  return others.length === 1 ? (others[0] ?? schema) : schema;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return (schema.anyOf as readonly Schema[]).map(typeOf).join(" | ");
  if (schema.type === "array") return `array of ${typeOf(schema.items)}`;
  if (schema.type === "object" && schema.properties === undefined) return "object of names and values";
  return [schema.type, schema.format].filter((part) => part !== undefined).join(" ") || "any";
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
