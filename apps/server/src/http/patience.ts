/** How long a client may take to say what it wants, in milliseconds. What the answer takes is not counted. */
export interface Patience {
  readonly headersMs: number;
  /** Headers and body together. */
  readonly requestMs: number;
  /** How often connections are looked through for those that are late. */
  readonly checkMs: number;
}

/** 16 MiB, the largest body, want 140 KB/s. */
export const DEFAULT_PATIENCE: Patience = { headersMs: 20_000, requestMs: 120_000, checkMs: 5000 };
