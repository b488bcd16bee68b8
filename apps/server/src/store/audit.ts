/** Somebody's administrative change, as it was made. */
export interface NewAuditEntry {
  /** Null for what belongs to the organization. */
  readonly application: string | null;
  readonly actor: string;
  /** `key.created`, `settings.changed`, `price_book.activated` … */
  readonly action: string;
  /** The id of what was changed. */
  readonly subject: string;
  /** Null for what is new. */
  readonly before: unknown;
  /** Null for what is gone. */
  readonly after: unknown;
}

/** A change on record. */
export interface AuditEntry extends NewAuditEntry {
  readonly seq: number;
  /** Which book of record it is from: prices keep one of their own. */
  readonly source: "administration" | "prices";
  readonly timeMs: number;
}

/** Which changes are asked for; what is undefined does not narrow. */
export interface AuditQuery {
  /** The organization's own changes come with every application's where `organization` is true. */
  readonly application: string;
  readonly organization: boolean;
  readonly actor?: string | undefined;
  /** The beginning of an action: `key` or `key.created`. */
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}
