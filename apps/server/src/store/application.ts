/** How many days something is kept; null is for ever. */
export interface Retention {
  /** Prompts and answers. */
  readonly textDays: number | null;
  /** Requests and instances. */
  readonly eventDays: number | null;
  /** Sums by hour and day, and the ledger. */
  readonly totalDays: number | null;
}

/** What an application's administrators choose. */
export interface ApplicationSettings {
  /** Prompts and answers may be stored, unless the use case says no. */
  readonly keepText: boolean;
  /** An IANA zone. Sums by day are counted in UTC whatever it says. */
  readonly timeZone: string;
  /** Properties that charts offer to group by. */
  readonly declaredProperties: readonly string[];
  readonly retention: Retention;
}

/** One tenant. */
export interface StoredApplication {
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
  readonly createdMs: number;
  /** Set once it is closed: no key opens it, its data stays until retention takes it. */
  readonly archivedMs: number | null;
  readonly settings: ApplicationSettings;
}

/** An application to be made. */
export interface NewApplication {
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
}

/** What is to be different; what is undefined stays. */
export interface ApplicationChange {
  readonly id: string;
  readonly name?: string | undefined;
  readonly group?: string | null | undefined;
  readonly settings?: ApplicationSettings | undefined;
}

/** What holds applications together; a store has one. */
export interface StoredOrganization {
  readonly id: string;
  readonly name: string;
  readonly createdMs: number;
}
