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
  /** True where the path alone could be many another API's: a call only on a host that the application has mapped. */
  readonly onlyIfMapped?: boolean | undefined;
  /**
   * Where neither host nor path tells this API from many another's: what stands at the top of whatever it is asked. A request
   * without all of it is `foreign`, and a call only on a host that the application has mapped.
   */
  readonly askedBy?: readonly (string | readonly string[])[] | undefined;
  /** The model, where the URL names it. */
  readonly model?: string | undefined;
  /** Stands before the model's name in the name of the resource (contract 4): `google.`, `anthropic.`. */
  readonly resourcePrefix?: string | undefined;
  /** Where the call is served, as host, path or model name tell: `global`, `datazone.eu`, `region.us-east-1`. */
  readonly scope?: string | undefined;
  /** The geography that the host promises to keep data in. */
  readonly dataResidency?: string | undefined;
  /** True where a chat stream tells its usage only when asked, and asking is known to be safe. */
  readonly asksForUsage?: boolean | undefined;
  /**
   * True for reading the outcome of an earlier call: it is never refused, its own failure is nobody's bill, and it is
   * reported only when it tells usage that nobody told before.
   */
  readonly retrieval?: boolean | undefined;
  /** The id of that earlier call, where the answer's own ids are others: a batch's results. */
  readonly earlierId?: string | undefined;
  /** True where the request alone tells what is billed once an answer has begun, however much of it is read. */
  readonly toldByRequest?: boolean | undefined;
  /** How a streamed answer is cut into events where its content type does not tell. */
  readonly framing?: "json-array" | "json-lines" | undefined;
}

/** What the request tells. Undefined is "not told". */
export type RequestFacts = Facts;

/**
 * A class for the compiler alone: a body that is parsed at the first look is lost where facts are spread, and of an accessor
 * the compiler knows that. `changeFacts` is there instead.
 */
declare class Facts {
  readonly model: string | undefined;
  readonly streaming: boolean;
  /** The bound that the request sets on its output, in tokens. */
  readonly maxOutputTokens: number | undefined;
  /** The parsed body, for estimates and for APIs that are billed by what was asked (images, speech). */
  get body(): Readonly<Record<string, unknown>> | undefined;
  /** What else it tells, as `system.…` properties of the event. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
  /** True for what is no request to this API, unless the application has mapped the host (`askedBy`). */
  readonly foreign?: boolean | undefined;
  /** The model's own tokenizer, where the application named one. */
  readonly countTokens?: CountTokens | undefined;
}

/** The same facts but for those in `changed`. */
export function changeFacts(
  { model, streaming, maxOutputTokens, body, notes, countTokens }: RequestFacts,
  changed: { readonly [Field in "model" | "notes" | "countTokens"]?: RequestFacts[Field] },
): RequestFacts {
  return { model, streaming, maxOutputTokens, body, notes, countTokens, ...changed };
}

/** Tokens of a text, exactly. */
export type CountTokens = (text: string) => number;

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
  /** Why the model stopped, in the provider's words; of several choices the one that ended badly. */
  readonly finishReason?: string | undefined;
  /** True for a call whose usage is told by a later one: background responses, batches. */
  readonly pending?: boolean | undefined;
  /** How work that ran in the background came to an end that tells no usage: it is reported, once, all the same. */
  readonly ended?: "error" | "aborted" | undefined;
  /** What the answer tells beside usage, as `system.…` properties of the request. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
}

/** One event of a stream, server-sent or framed otherwise: its name, when it has one, and its data as text. */
export interface StreamEvent {
  readonly name: string | undefined;
  readonly data: string;
}

/** Reads a stream event by event. `event` looks at the text first and parses only what can matter. */
export interface StreamReader {
  /** Takes one event in; never throws for events it does not know. */
  event(event: StreamEvent): void;
  /**
   * The texts, by name, in which another event may differ from the one just taken in and tell nothing but the length of the
   * first; undefined where that event told more. Such events may be passed over with `pass`.
   */
  readonly alike?: readonly string[] | undefined;
  pass?(length: number): void;
  /** What is known so far; asked once, at the end. */
  read(): Reading;
  /** For an answer of many results, such as a batch's: the event as a billed call of its own. */
  result?(event: StreamEvent): Reading | undefined;
}

/** The section of the configuration that a provider's model mappings stand in. */
export type ProviderSection = "openai" | "azure" | "anthropic" | "aws" | "google" | "databricks";

export interface Provider {
  /** Pay-i's category for the provider's own hosts. */
  readonly category: string;
  readonly configuration: ProviderSection;
  /** The section of the SDK that speaks its API, which is looked at after its own. Left out: there is no other. */
  readonly sdkConfiguration?: ProviderSection;
  /** The value of `instruments` that switches it on. Left out: its category. */
  readonly instrument?: string;
  /** True where `readRequest` wants nothing of a body but the short values at its top, such as the model's name. */
  readonly toldAtTop?: boolean;
  readonly match: (method: string, url: URL) => Match | undefined;
  readRequest(match: Match, body: Readonly<Record<string, unknown>> | undefined): RequestFacts;
  readUsage(match: Match, request: RequestFacts, json: unknown, headers: Headers): Reading;
  readonly openStream: (match: Match, request: RequestFacts, headers: Headers) => StreamReader;
}

/** A whole answer's reading: what it tells, and nothing for the rest. Units that are absent are unknown. */
export function tell(told: { readonly [Field in keyof Reading]?: Reading[Field] | undefined }): Reading {
  // Written out: every answer is read through here, and spreading one object over another costs more than reading it.
  const reading: EveryField = {
    units: told.units,
    source: told.source ?? (told.units === undefined ? "unknown" : "provider"),
    model: told.model,
    responseId: told.responseId,
    facts: told.facts ?? NOTHING_TOLD.facts,
    extra: told.extra ?? NOTHING_TOLD.extra,
    functionCalls: told.functionCalls ?? NOTHING_TOLD.functionCalls,
    complete: told.complete ?? true,
    failure: told.failure,
    finishReason: told.finishReason,
    pending: told.pending,
    notes: told.notes,
    ended: told.ended,
  };
  return reading;
}

/** A reading in which no field is left out, not even one that may be. */
type EveryField = { readonly [Field in keyof Required<Reading>]: Reading[Field] };

/** A reading of an answer that tells nothing. */
export const NOTHING_TOLD: EveryField = {
  units: undefined,
  source: "unknown",
  model: undefined,
  responseId: undefined,
  facts: {},
  extra: [],
  functionCalls: [],
  complete: false,
  failure: undefined,
  finishReason: undefined,
  pending: undefined,
  notes: undefined,
  ended: undefined,
};
