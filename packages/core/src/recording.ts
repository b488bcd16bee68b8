/**
 * The words of a call, kept only where somebody asked for them: prompt, answer and the headers that say something.
 *
 * Invariants:
 * - credentials and cookies are never recorded: headers pass by a list of those that may, not of those that may not;
 * - images and sound become `<not_instrumented>` unless they were asked for;
 * - a long answer is cut, never the application.
 */
import { withoutInlineData } from "./inline-data.ts";
import { type IngestEvent, type WireHeader } from "./wire/ingest.ts";

/** Text beyond this is not kept, in UTF-16 units per direction. */
const MAX_TEXT = 4 << 20;

/** Headers that tell of a call and of nobody's secret. */
const KNOWN = new Set([
  "anthropic-beta",
  "anthropic-version",
  "apim-request-id",
  "cf-ray",
  "idempotency-key",
  "openai-beta",
  "openai-model",
  "openai-organization",
  "openai-processing-ms",
  "openai-project",
  "openai-version",
  "request-id",
  "retry-after",
  "server-timing",
  "user-agent",
  "x-goog-api-client",
  "x-ms-deployment-name",
  "x-ms-region",
  "x-request-id",
]);
const KNOWN_PREFIXES = ["anthropic-ratelimit-", "x-ratelimit-", "x-stainless-", "x-amzn-bedrock-"];

export class Recording {
  readonly #keepInlineData: boolean;
  #request: string | undefined;
  #requestHeaders: readonly WireHeader[] | undefined;
  #responseHeaders: readonly WireHeader[] | undefined;
  #answer: unknown;
  readonly #chunks: string[] = [];
  #secrets: readonly string[] = [];
  #length = 0;

  constructor(keepInlineData: boolean) {
    this.#keepInlineData = keepInlineData;
  }

  /** The request as the application made it: its body, parsed where it is JSON, and its headers. */
  request(body: unknown, headers?: Headers): void {
    if (headers !== undefined) {
      this.#requestHeaders = knownHeaders(headers);
      this.#secrets = secretsOf(headers);
    }
    if (body !== undefined) this.#request = this.#textOf(body);
  }

  responseHeaders(headers: Headers): void {
    this.#responseHeaders = knownHeaders(headers);
  }

  /** The whole answer: parsed JSON, or text. */
  answer(body: unknown): void {
    this.#answer = body;
  }

  /** One event of a streamed answer, as JSON text. */
  chunk(data: string): void {
    if (this.#length + data.length > MAX_TEXT || data === "[DONE]") return;
    this.#length += data.length;
    this.#chunks.push(data);
  }

  /** What of it goes into the event. */
  fields(): Pick<
    IngestEvent,
    "providerRequestJson" | "providerResponseJson" | "providerRequestHeaders" | "providerResponseHeaders"
  > {
    return {
      providerRequestJson: this.#request,
      providerRequestHeaders: this.#requestHeaders,
      providerResponseHeaders: this.#responseHeaders,
      providerResponseJson:
        this.#chunks.length > 0
          ? this.#chunks.map((chunk) => this.#textOf(parseIfJson(chunk)))
          : this.#answer === undefined
            ? undefined
            : this.#textOf(this.#answer),
    };
  }

  /** A text as it may leave: without the credential of the call. */
  clean(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text);
  }

  #textOf(body: unknown): string {
    const kept = this.#keepInlineData ? body : withoutInlineData(body);
    const text = typeof kept === "string" ? kept : JSON.stringify(kept);
    // Providers quote the key that they refuse.
    const clean = this.clean(text);
    return clean.length > MAX_TEXT ? clean.slice(0, MAX_TEXT) : clean;
  }
}

/** Headers that carry a credential. */
const CREDENTIALS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];
const REMOVED = "<credential>";

function secretsOf(headers: Headers): readonly string[] {
  return CREDENTIALS.flatMap((name) => headers.get(name) ?? [])
    .map((value) => value.replace(/^[A-Za-z]+ /, ""))
    .filter((secret) => secret.length >= LEAST_SECRET);
}

/** What is shorter is a placeholder of a test, and may be part of any word. */
const LEAST_SECRET = 8;

function knownHeaders(headers: Headers): readonly WireHeader[] {
  const known: WireHeader[] = [];
  headers.forEach((value, name) => {
    if (KNOWN.has(name) || KNOWN_PREFIXES.some((prefix) => name.startsWith(prefix)))
      known.push({ name, value });
  });
  return known;
}

function parseIfJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
