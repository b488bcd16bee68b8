import { type SimulatedModel } from "./models.ts";
import { type SimulatedUsage } from "./usage.ts";

/** A server-sent event of a stream. Data that is text is sent as it stands, everything else as JSON. */
export interface StreamEvent {
  readonly name?: string;
  readonly data: unknown;
}

/** One step of generating: what it consumes, and the event that shows it to a streaming client. */
export interface Step {
  readonly adds?: Partial<SimulatedUsage>;
  readonly event: StreamEvent;
}

/**
 * An accepted request. The steps are the generation itself, also where nothing is streamed: what is billed is what
 * was stepped through. `adds` of all steps and `promptUsage` sum up to the usage that the answer states.
 */
export interface Call {
  /** The answer's id; undefined where the API has none. */
  readonly id: string | undefined;
  readonly api: string;
  readonly model: SimulatedModel;
  readonly streamed: boolean;
  readonly promptUsage: Partial<SimulatedUsage>;
  steps(): Iterable<Step>;
  /** The whole answer where it is not streamed. */
  body(): unknown;
}

/** How many tokens a stream event carries, in turns: providers send uneven bites. */
const BITES = [1, 3, 2, 4] as const;

/** Cuts tokens into the bites that stream events carry. */
export function* bites(tokens: readonly string[]): Generator<{ text: string; count: number }> {
  for (let start = 0, turn = 0; start < tokens.length; turn += 1) {
    const bite = tokens.slice(start, start + (BITES[turn % BITES.length] ?? 1));
    start += bite.length;
    yield { text: bite.join(""), count: bite.length };
  }
}
