/** What a copy for analytics keeps of an event. Amounts are pico-dollars; null is unknown. */
export interface CopyImage {
  readonly timeMs: number;
  readonly category: string;
  readonly resource: string | null;
  readonly useCase: string | null;
  readonly instance: string | null;
  readonly user: string | null;
  readonly account: string | null;
  readonly outcome: string | null;
  readonly error: boolean;
  readonly blocked: boolean;
  readonly latencyMs: number | null;
  readonly tokensInput: number;
  readonly tokensOutput: number;
  readonly costInput: bigint | null;
  readonly costTotal: bigint | null;
  readonly properties: Readonly<Record<string, string>>;
}

/** One step of the ledger, as a copy adds it up: what an event was is taken away, what it became is added. */
export interface CopyEntry {
  readonly seq: number;
  readonly eventId: string;
  readonly before: CopyImage | null;
  readonly after: CopyImage;
}

/** The entries with `afterSeq < seq ≤ toSeq`, in order. The same range has the same entries whenever it is asked for. */
export interface CopyRange {
  readonly application: string;
  readonly afterSeq: number;
  readonly toSeq: number;
  readonly entries: readonly CopyEntry[];
}

/** How far a copy is: `behind` entries are not in it yet. Undefined `seq`: the application is not copied. */
export interface CopyState {
  readonly seq: number | undefined;
  readonly behind: number;
}
