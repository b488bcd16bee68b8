import { existsSync, readFileSync } from "node:fs";

import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";

import { type Answer, type TestServer, request } from "../support.ts";

const FILE = new URL("../../../../../shared/contract/openapi.json", import.meta.url);

/** Whether Pay-i's file is there; says so aloud where it is not. */
export const thereIsContract = existsSync(FILE);
if (!thereIsContract)
  process.stderr.write(
    `SKIPPED: answers are not checked against Pay-i's schemas, ${FILE.pathname} is missing\n`,
  );

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Method = "get" | "post" | "put" | "delete";
interface Operation {
  readonly parameters?: readonly { readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: { readonly [status: string]: { content?: { [type: string]: { schema: Json } } } };
}

/** An answer, and where it is not what the contract declares for its status. */
export interface Checked extends Answer {
  readonly faults: readonly unknown[];
}

const BASE = "/api/v1";

/** Pay-i's OpenAPI file beside a server: which of its operations and statuses have been answered, and how well. */
export class Contract {
  readonly #server: TestServer;
  readonly #operations: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #seen = new Set<string>();

  constructor(server: TestServer) {
    this.#server = server;
    const document = JSON.parse(readFileSync(FILE, "utf8")) as { components: Json; paths: never };
    this.#operations = document.paths;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: "openapi", components: toJsonSchema(document.components) });
  }

  /**
   * Every documented answer outside the proxy, as `GET /limits 200`. Where a path is all that is sent, nothing can be
   * wrong but what it names, so the 400 that the contract lists there as well is left out.
   */
  documented(): readonly string[] {
    return this.operations().flatMap(({ method, path, statuses, isPathAlone }) =>
      statuses
        .filter((status) => !(isPathAlone && status === "400"))
        .map((status) => `${method.toUpperCase()} ${path} ${status}`),
    );
  }

  operations(): readonly {
    readonly method: Method;
    readonly path: string;
    readonly statuses: readonly string[];
    readonly isPathAlone: boolean;
  }[] {
    return Object.entries(this.#operations)
      .filter(([path]) => !path.startsWith(`${BASE}/proxy`))
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { responses, parameters = [], requestBody }]) => ({
          method: method as Method,
          path: path.slice(BASE.length),
          statuses: Object.keys(responses),
          isPathAlone: requestBody === undefined && parameters.every((parameter) => parameter.in === "path"),
        })),
      );
  }

  /** Asks, and holds the answer against what the contract declares for its status. */
  async check(method: Method, template: string, path: string, body?: unknown): Promise<Checked> {
    return this.#validate(method, template, await this.#server[method](path, body));
  }

  /** The same with a key that nobody has. */
  async checkWithoutKey(method: Method, template: string): Promise<Checked> {
    const path = template.replaceAll(/\{\w+\}/g, "one");
    const body = method === "get" || method === "delete" ? undefined : {};
    const headers = { "xProxy-api-key": "nobody" };
    const answer = await request(`${this.#server.url}${BASE}${path}`, method.toUpperCase(), body, headers);
    return this.#validate(method, template, answer);
  }

  get seen(): ReadonlySet<string> {
    return this.#seen;
  }

  #validate(method: Method, template: string, answer: Answer): Checked {
    const validate = this.#validator(method, template, answer.status);
    validate(answer.body);
    this.#seen.add(`${method.toUpperCase()} ${template} ${answer.status}`);
    return { ...answer, faults: validate.errors ?? [] };
  }

  #validator(method: string, path: string, status: number): ValidateFunction {
    const response = this.#operations[`${BASE}${path}`]?.[method]?.responses[String(status)];
    if (response === undefined) throw new Error(`The contract has no ${status} for ${method} ${path}.`);
    const schema = Object.values(response.content ?? {})[0]?.schema ?? {};
    return this.#ajv.compile(
      JSON.parse(JSON.stringify(toJsonSchema(schema)).replaceAll('"#/', '"openapi#/')) as never,
    );
  }
}

/** OpenAPI 3.0 → JSON Schema: `nullable` becomes a choice, and fields that we add are allowed. */
function toJsonSchema(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (typeof schema !== "object" || schema === null) return schema;
  const plain: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === "nullable" || name === "example" || name === "readOnly") continue;
    if (name === "additionalProperties" && value === false) continue;
    plain[name] = toJsonSchema(value);
  }
  return schema["nullable"] === true ? { anyOf: [plain, { type: "null" }] } : plain;
}
