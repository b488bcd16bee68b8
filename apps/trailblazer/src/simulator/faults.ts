/** What the header `x-simulate` asks to go wrong with one request. Several parts are joined by commas. */
export interface Faults {
  /** Answer with this status instead of an answer. */
  readonly status?: 429 | 500 | 529;
  /** `retry-after` in seconds of a 429. */
  readonly retryAfterSeconds?: number;
  /** Wait so long before anything is sent. */
  readonly slowMs: number;
  /** Destroy the connection after so many stream events. */
  readonly cutAfterEvents?: number;
  /** Leave usage out of the answer. It is billed all the same. */
  readonly withoutUsage: boolean;
}

/** @throws {RangeError} for a part that is not known, with those that are. */
export function parseFaults(header: string | undefined): Faults {
  const parts = (header ?? "").split(",").map((part) => part.trim());
  return Object.assign(
    { slowMs: 0, withoutUsage: false },
    ...parts.filter((part) => part !== "").map(parsePart),
  );
}

function parsePart(part: string): Partial<Faults> {
  const [name, value] = part.split(":", 2);
  if (value === undefined) {
    if (name === "429" || name === "500" || name === "529")
      return { status: Number(name) as 429 | 500 | 529 };
    if (name === "no-usage") return { withoutUsage: true };
    throw unknownFault(part);
  }
  const count = readCount(value, part);
  if (name === "retry-after") return { status: 429, retryAfterSeconds: count };
  if (name === "slow") return { slowMs: count };
  if (name === "cut") return { cutAfterEvents: count };
  throw unknownFault(part);
}

function readCount(value: string, part: string): number {
  if (!/^\d{1,6}$/.test(value)) throw unknownFault(part);
  return Number(value);
}

function unknownFault(part: string): RangeError {
  return new RangeError(
    `x-simulate cannot do ${JSON.stringify(part)}. It knows 429, 500, 529, slow:<ms>, cut:<events>, no-usage and retry-after:<s>, joined by commas.`,
  );
}
