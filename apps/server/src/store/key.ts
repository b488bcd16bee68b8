/** What a key is for: everything in its application, or a part of that. */
export type KeyScope = "full" | "ingest" | "read" | "admin" | "metrics";

/** The hash of a key and what may be shown of it. */
export interface KeyImprint {
  /** The first characters, enough to recognise a key and useless for using it. */
  readonly prefix: string;
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
}

/** A key to be stored; its text is never part of it. */
export interface NewKey extends KeyImprint {
  readonly application: string;
  readonly name: string;
  /** Default: `full`. */
  readonly scope?: KeyScope;
  /** Who is written down as its maker; default: the command line. */
  readonly actor?: string;
}

/** What may be shown of a key. */
export interface StoredKey {
  readonly id: string;
  readonly application: string;
  readonly name: string;
  readonly prefix: string;
  readonly scope: KeyScope;
  /** The environment names it, so it is made valid at every start. */
  readonly configured: boolean;
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
  readonly revokedMs: number | null;
}

/** What a valid key opens. */
export interface KeyGrant {
  readonly keyId: string;
  readonly application: string;
  readonly scope: KeyScope;
  readonly hash: Uint8Array;
  /** The application allows prompts and answers to be kept. */
  readonly keepText: boolean;
  readonly lastUsedMs: number | null;
}

/** The first answer to a write that carried an `Idempotency-Key`. */
export interface StoredAnswer {
  readonly requestHash: Uint8Array;
  readonly status: number;
  readonly body: string;
}
