/** What a request's body says, where it can be read without consuming it. */
import { type Match, type RequestFacts } from "../providers/provider.ts";
import { type Json, parse } from "../providers/read.ts";
import { shortValues } from "./short-values.ts";

/** The facts of a request. Of a text that tells them at its top, the rest is parsed only when somebody looks. */
export function readFacts(match: Match, body: unknown): RequestFacts {
  const { provider } = match;
  const values = typeof body === "string" && provider.toldAtTop === true ? shortValues(body) : undefined;
  return values === undefined
    ? provider.readRequest(match, parseBody(body))
    : new FactsOfText(provider.readRequest(match, values), body as string);
}

class FactsOfText implements RequestFacts {
  readonly model: string | undefined;
  readonly streaming: boolean;
  readonly maxOutputTokens: number | undefined;
  readonly notes: RequestFacts["notes"];
  readonly foreign: RequestFacts["foreign"];
  readonly #text: string;
  #body: Json | undefined;

  constructor({ model, streaming, maxOutputTokens, notes, foreign }: RequestFacts, text: string) {
    this.model = model;
    this.streaming = streaming;
    this.maxOutputTokens = maxOutputTokens;
    this.notes = notes;
    this.foreign = foreign;
    this.#text = text;
  }

  get body(): Json | undefined {
    return (this.#body ??= parse(this.#text));
  }
}

/** Fields of a JSON or form body; undefined for a stream and for anything else. */
export function parseBody(body: unknown): Json | undefined {
  if (typeof body === "string") return parse(body);
  if (body instanceof FormData) return formFields(body);
  const isBytes = body instanceof ArrayBuffer || ArrayBuffer.isView(body);
  return isBytes ? parse(new TextDecoder().decode(body as Uint8Array)) : undefined;
}

/** A form's plain fields, with flags and whole numbers as the JSON that they stand for; files are left out. */
function formFields(form: FormData): Json {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string") continue;
    if (value === "true" || value === "false") fields[name] = value === "true";
    else fields[name] = /^\d{1,9}$/.test(value) ? Number(value) : value;
  }
  return fields;
}
