import { type IngestEvent } from "@payi/core/wire";

import { type CallContext, type CallEnding, makeCall } from "./demo-call.ts";
import { DEMO_PEOPLE } from "./demo-people.ts";
import { DEMO_USE_CASES, type DemoScores } from "./demo-use-case.ts";
import { Random, mixSeeds } from "./random.ts";

/** One made-up instance with everything that happened in it. */
export interface DemoInstance {
  readonly useCaseName: string;
  readonly useCaseId: string;
  readonly events: readonly IngestEvent[];
  readonly scores: DemoScores;
  /** When its last call ended, milliseconds UTC. */
  readonly endMs: number;
}

const HOUR_MS = 3_600_000;
const INSTANCES_PER_DAY = 250;

/** Instances by hour of the day in UTC; the people are in the west of North America, and plan in the evening. */
const HOURS = [9, 9, 8, 7, 6, 4, 2, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 7, 7, 6, 6, 7, 8];
/** From Sunday; trips are planned towards the weekend. */
const WEEKDAYS = [1.1, 0.75, 0.8, 0.9, 1.05, 1.35, 1.25];
const HOURS_SUM = HOURS.reduce((sum, share) => sum + share, 0);
const EPOCH_WEEKDAY = 4;

/** The instances of one UTC day (days since 1970) in order of their hour; the same ones for the same seed and day. `newest` is the version that those use cases run that have it. */
export function* generateDay(seed: number, day: number, newest: 1 | 2): Generator<DemoInstance> {
  const daySeed = mixSeeds(seed, day);
  const random = new Random(daySeed);
  const daily = INSTANCES_PER_DAY * (WEEKDAYS[(day + EPOCH_WEEKDAY) % 7] ?? 1);
  let number = 0;
  for (const [hour, share] of HOURS.entries()) {
    const expected = (daily * share) / HOURS_SUM;
    const count = Math.round(expected * (0.7 + random.next() * 0.6));
    for (let index = 0; index < count; index += 1) {
      const startMs = (day * 24 + hour) * HOUR_MS + random.integer(0, HOUR_MS - 1);
      // Numbers of its own: what one instance draws, which its version changes, moves no other one.
      yield makeInstance(new Random(mixSeeds(daySeed, number)), `${seed}-${day}-${number}`, startMs, newest);
      number += 1;
    }
  }
}

function makeInstance(random: Random, name: string, startMs: number, newest: 1 | 2): DemoInstance {
  const useCase = random.pickWeighted(DEMO_USE_CASES);
  const version = Math.min(newest, useCase.versions);
  const person = random.pickWeighted(DEMO_PEOPLE);
  const context: CallContext = {
    useCaseName: useCase.name,
    useCaseId: `demo-${name}`,
    useCaseVersion: version,
    userId: person.userId,
    accountName: person.accountName,
    useCaseProperties: useCase.properties(random, person),
  };
  const events: IngestEvent[] = [];
  let timeMs = startMs;
  let success = true;
  for (const shape of useCase.calls(random, version)) {
    let attempt = 1;
    let ending = drawEnding(random, shape.streamed);
    for (;;) {
      const properties = attempt === 1 ? {} : { "system.attempt": String(attempt) };
      const event = makeCall(random, shape, context, {
        id: `demo_${name}-${events.length}`,
        timeMs,
        ending,
        properties,
      });
      events.push(event);
      timeMs += (event.endToEndLatencyMs ?? 0) + random.integer(150, 1200);
      // Provider SDKs try again twice after 429 and 5xx, mostly with success.
      if (!RETRIED.has(ending) || attempt === 3) break;
      attempt += 1;
      ending = random.chance(0.85) ? "ok" : ending;
    }
    success = ending === "ok";
    if (!success) break;
  }
  const { name: useCaseName } = useCase;
  return {
    useCaseName,
    useCaseId: `demo-${name}`,
    events,
    scores: useCase.scores(random, version, success),
    endMs: timeMs,
  };
}

const RETRIED: ReadonlySet<CallEnding> = new Set(["rate_limited", "server_error"]);

/** About one call in twenty does not go well. Only a stream is left half-way. */
function drawEnding(random: Random, streamed: boolean): CallEnding {
  const drawn = random.next();
  if (drawn < 0.014) return "rate_limited";
  if (drawn < 0.022) return "server_error";
  if (drawn < 0.032) return "bad_answer";
  return streamed && drawn < 0.055 ? "aborted" : "ok";
}
