/** A version of what an instance of a use case is worth. Equations are text that has been read before. */
export interface NewValuePolicy {
  readonly application: string;
  readonly useCase: string;
  readonly description: string;
  readonly money: string | null;
  readonly time: string | null;
  readonly actor: string;
  readonly activate: boolean;
}

/** A version as it stands; it never changes, but for being in force. */
export interface StoredValuePolicy {
  readonly id: string;
  readonly useCase: string;
  /** 1 is the first of the use case. */
  readonly version: number;
  readonly description: string;
  readonly money: string | null;
  readonly time: string | null;
  readonly active: boolean;
  readonly actor: string;
  readonly createdMs: number;
}
