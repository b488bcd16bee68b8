import { setImmediate, setTimeout } from "node:timers/promises";

/** How long an answer takes. Every wait rejects with an AbortError when its signal aborts. */
export interface Pace {
  /** From the request to the first token. */
  firstToken(signal: AbortSignal): Promise<void>;
  /** While so many tokens are generated. */
  generate(tokens: number, signal: AbortSignal): Promise<void>;
}

/** Factor on the speed of a real model: 1 like the real thing, 10 ten times as fast; `instant` waits for nothing. */
export type Speed = number | "instant";

/** One answer's pace: 300–900 ms to the first token, then 40–60 tokens per second, drawn anew for each answer. */
export function createPace(speed: Speed): Pace {
  const firstTokenMs = 300 + Math.random() * 600;
  const msPerToken = 1000 / (40 + Math.random() * 20);
  return {
    firstToken: (signal) => wait(firstTokenMs, speed, signal),
    generate: (tokens, signal) => wait(tokens * msPerToken, speed, signal),
  };
}

/** Waits at the given speed. Also `instant` gives the event loop a turn, or no disconnect would be noticed. */
async function wait(ms: number, speed: Speed, signal: AbortSignal): Promise<void> {
  if (speed === "instant") await setImmediate(undefined, { signal });
  else await setTimeout(ms / speed, undefined, { signal });
}

/** @throws {RangeError} unless the text is a positive number or `instant`; nothing given is 1. */
export function parseSpeed(text: string | undefined): Speed {
  if (text === undefined || text === "") return 1;
  if (text === "instant") return "instant";
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new RangeError(
    `SIMULATOR_SPEED is ${JSON.stringify(text)}; write a positive number (1 is real time, 10 ten times as fast) or "instant".`,
  );
}
