/** A key to be stored; its text is never part of it. */
export interface NewKey {
  readonly application: string;
  readonly name: string;
  /** The first characters, enough to recognise a key and useless for using it. */
  readonly prefix: string;
  /** SHA-256 of the key. */
  readonly hash: Uint8Array;
}

/** What may be shown of a key. */
export interface StoredKey {
  readonly id: string;
  readonly application: string;
  readonly name: string;
  readonly prefix: string;
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
  readonly revokedMs: number | null;
}

/** What a valid key opens. */
export interface KeyGrant {
  readonly keyId: string;
  readonly application: string;
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
