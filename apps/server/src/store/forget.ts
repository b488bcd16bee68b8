/** Where a user's id stands: requests, their totals, instances, budgets of limits, and what was written about them. */
export const FORGET_PLACES = ["events", "totals", "instances", "limits", "notes"] as const;

export type ForgetPlace = (typeof FORGET_PLACES)[number];

/** One part of forgetting a user: so many rows at most, so that other writes get their turn. */
export interface ForgetStep {
  readonly application: string;
  readonly user: string;
  /** What stands in place of the id from now on: random, and nowhere kept beside it. */
  readonly pseudonym: string;
  readonly place: ForgetPlace;
  /** Where the part before this one ended; empty at first. */
  readonly after: string;
  readonly most: number;
}

/** What one part did. */
export interface ForgetOutcome {
  /** Rows that named the user and do so no more. */
  readonly changed: number;
  /** Prompts and answers that were deleted. */
  readonly texts: number;
  /** Where the next part begins; undefined when this place is done. */
  readonly next: string | undefined;
}

/** What was done to forget one user. */
export interface ForgottenUser {
  readonly application: string;
  readonly pseudonym: string;
  readonly texts: number;
  readonly places: Readonly<Record<ForgetPlace, number>>;
}

const OWNER_FIELDS: ReadonlySet<string> = new Set(["user", "user_id", "userId", "value", "key"]);
const BAGS: ReadonlySet<string> = new Set(["properties", "use_case_properties", "useCaseProperties"]);

function holdsOwner(field: string): boolean {
  return OWNER_FIELDS.has(field) || field.startsWith("property.");
}

/**
 * The same data with another name for `user` where it names a user: in fields that hold one, and as the value of a
 * property. Amounts and ids that happen to read the same stay as they are.
 */
export function renameUser(data: unknown, user: string, pseudonym: string): unknown {
  return rename(data, false);

  function rename(part: unknown, isOwner: boolean): unknown {
    if (typeof part === "string") return isOwner && part === user ? pseudonym : part;
    if (Array.isArray(part)) return part.map((item: unknown) => rename(item, isOwner));
    if (typeof part !== "object" || part === null || Object.getPrototypeOf(part) !== Object.prototype)
      return part;
    const copy: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(part)) {
      const renamed = BAGS.has(name) ? renameBag(value) : rename(value, holdsOwner(name));
      Object.defineProperty(copy, name, {
        value: renamed,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return copy;
  }

  function renameBag(bag: unknown): unknown {
    if (typeof bag !== "object" || bag === null || Array.isArray(bag)) return bag;
    return renameValues(bag as Readonly<Record<string, unknown>>, user, pseudonym);
  }
}

/** A bag of properties in which no value is the user's id any more. */
export function renameValues<Value>(
  bag: Readonly<Record<string, Value>>,
  user: string,
  pseudonym: Value,
): Record<string, Value> {
  const copy = Object.create(null) as Record<string, Value>;
  for (const [name, value] of Object.entries(bag)) copy[name] = value === user ? pseudonym : value;
  return copy;
}
