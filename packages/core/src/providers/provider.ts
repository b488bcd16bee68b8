/**
 * A provider is data and pure functions: which requests are its billable calls, and what its answers say about usage.
 * No clock, no I/O, no context, so every function is tested with a recorded answer.
 */
import { type PricingFacts, type Units, type UsageSource } from "../usage.ts";
import { type FunctionCall } from "../wire/ingest.ts";

/** One of a provider's billable APIs, recognised from a URL. */
export interface Match {
  readonly provider: Provider;
  /** The provider's own name for it: `chat`, `responses`, `messages`, … */
  readonly api: string;
  /** False for a host that merely speaks this API: priced only through a mapping. */
  readonly listedHost: boolean;
}

/** What the request tells. Undefined is "not told". */
export interface RequestFacts {
  readonly model: string | undefined;
  readonly streaming: boolean;
  /** The bound that the request sets on its output, in tokens. */
  readonly maxOutputTokens: number | undefined;
  /** The parsed body, for estimates and for APIs that are billed by what was asked (images, speech). */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** Usage that is billed beside the main one, possibly under another model. */
export interface ExtraUsage {
  readonly model: string | undefined;
  readonly units: Units;
}

/** What an answer, or the part of it that has arrived, tells. */
export interface Reading {
  /** Undefined: nothing was told; that is not zero. */
  readonly units: Units | undefined;
  readonly source: UsageSource;
  /** The model that served the call, in the provider's words. */
  readonly model: string | undefined;
  readonly responseId: string | undefined;
  readonly facts: PricingFacts;
  readonly extra: readonly ExtraUsage[];
  readonly functionCalls: readonly FunctionCall[];
  /** The terminal event was seen. That the bytes ended proves nothing: SDKs cancel after it, and networks break. */
  readonly complete: boolean;
  /** An error that arrived inside a successful answer. */
  readonly failure: string | undefined;
}

/** One server-sent event: its name, when it has one, and its data as text. */
export interface StreamEvent {
  readonly name: string | undefined;
  readonly data: string;
}

/** Reads a stream event by event. `event` looks at the text first and parses only what can matter. */
export interface StreamReader {
  /** Takes one event in; never throws for events it does not know. */
  event(event: StreamEvent): void;
  /** What is known so far; asked once, at the end. */
  read(): Reading;
}

export interface Provider {
  /** Pay-i's category for the provider's own hosts. */
  readonly category: string;
  /** Names the provider's section of the configuration. */
  readonly configuration: "openai" | "anthropic";
  match(method: string, url: URL): Match | undefined;
  readRequest(match: Match, body: Readonly<Record<string, unknown>> | undefined): RequestFacts;
  readUsage(match: Match, request: RequestFacts, json: unknown, headers: Headers): Reading;
  openStream(match: Match, request: RequestFacts): StreamReader;
}

/** A reading of an answer that tells nothing. */
export const NOTHING_TOLD: Reading = {
  units: undefined,
  source: "unknown",
  model: undefined,
  responseId: undefined,
  facts: {},
  extra: [],
  functionCalls: [],
  complete: false,
  failure: undefined,
};
