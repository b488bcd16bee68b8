/**
 * Every error class of the package. Recognised by a brand, not by `instanceof`: two copies of core in one
 * process are normal.
 */

import { type LimitRefusal, REFUSAL_HEADER, type RefusalReason, recallRefusal } from "./limit-refusal.ts";

export { type LimitRefusal, type RefusalReason } from "./limit-refusal.ts";

const BRAND = Symbol.for("payi.error");
const LIMIT_BRAND = Symbol.for("payi.limitBlocked");

interface PayiErrorOptions {
  readonly cause?: unknown;
  readonly retryable?: boolean;
}

/** Base of every error that `@payi/*` throws. `code` is stable, `message` may improve. */
export class PayiError extends Error {
  override readonly name: string = "PayiError";
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: PayiErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Where the documentation explains this code. */
  get docsUrl(): string {
    return `https://docs.pay-i.com/docs/error-codes#${this.code}`;
  }

  /** True for an error of any copy of this package. */
  static is(error: unknown): error is PayiError {
    return typeof error === "object" && error !== null && BRAND in error;
  }
}

/** A setting is missing or out of range. Thrown only by the call that configures, never later. */
export class ConfigurationError extends PayiError {
  override readonly name = "ConfigurationError";
  /** The option as the caller spells it: `config.ingestRetry.queueMaxSize`. */
  readonly setting: string;

  constructor(setting: string, message: string) {
    super("configuration_error", message);
    this.setting = setting;
  }
}

/** The platform answered with an error. Thrown by the REST client when called directly. */
export class ApiError extends PayiError {
  override readonly name = "ApiError";
  readonly status: number;
  readonly requestId: string | undefined;
  /** Seconds the server asked to wait, when it said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    code: string,
    message: string,
    options: {
      requestId?: string | undefined;
      retryAfterSeconds?: number | undefined;
      retryable?: boolean;
    } = {},
  ) {
    super(code, message, { retryable: options.retryable ?? isRetryableStatus(status) });
    this.status = status;
    this.requestId = options.requestId;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** No answer within the time allowed. */
export class TimeoutError extends PayiError {
  override readonly name = "TimeoutError";
  readonly timeoutMs: number;

  constructor(timeoutMs: number, url: string) {
    super(
      "timeout",
      `No answer from ${url} within ${timeoutMs} ms. Is the platform overloaded or unreachable?`,
      {
        retryable: true,
      },
    );
    this.timeoutMs = timeoutMs;
  }
}

/** No connection to the platform. */
export class NetworkError extends PayiError {
  override readonly name = "NetworkError";

  constructor(url: string, cause: unknown) {
    super(
      "api_connection_error",
      `Could not reach ${url}. Check PAYI_BASE_URL and that the platform is running.`,
      {
        cause,
        retryable: true,
      },
    );
  }
}

/** The body that adapters answer with, RFC 9457. Amounts only where the application asked for them. */
export interface LimitProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: "payi_limit_exceeded";
  readonly limitIds: readonly string[];
  readonly limitName?: string;
  readonly useCase?: string;
  /** Exact decimal text in USD, as the two after it. */
  readonly spent?: string;
  readonly held?: string;
  readonly max?: string;
}

/** What of a refusal an answer shows. */
export interface ProblemOptions {
  /** True: also how much of the limit was spent and held, and its maximum. Default false: whoever gets the answer reads it. */
  readonly exposeAmounts?: boolean | undefined;
}

/**
 * A `block` limit refused a call before it was sent: the only error an instrumented call may add. Never retryable. Its
 * message tells no amounts, since frameworks show it to whoever asked; they stand in the fields.
 */
export class LimitExceededError extends PayiError implements LimitRefusal {
  override readonly name = "LimitExceededError";
  readonly limitIds: readonly string[];
  readonly limitName: string | undefined;
  readonly scope: string | undefined;
  readonly spent: string | undefined;
  readonly held: string | undefined;
  readonly max: string | undefined;
  readonly resetsAt: Date | undefined;
  readonly useCaseName: string | undefined;
  readonly instanceId: string | undefined;
  readonly reason: RefusalReason;
  /** What web frameworks read from a thrown error; set it where the application answers otherwise. Default 429. */
  status = 429;
  readonly expose = true;
  readonly isRetryable = false;

  constructor(refusal: LimitRefusal, options: { cause?: unknown } = {}) {
    super("payi_limit_exceeded", refusalMessage(refusal), options);
    this.limitIds = refusal.limitIds;
    this.limitName = refusal.limitName;
    this.scope = refusal.scope;
    this.spent = refusal.spent;
    this.held = refusal.held;
    this.max = refusal.max;
    this.resetsAt = refusal.resetsAt;
    this.useCaseName = refusal.useCaseName;
    this.instanceId = refusal.instanceId;
    this.reason = refusal.reason ?? "limit";
    Object.defineProperty(this, LIMIT_BRAND, { value: true });
  }

  /** The same as `status`: some frameworks look here. */
  get statusCode(): number {
    return this.status;
  }

  /** Seconds until the limit resets, when that is known. */
  get retryAfterSeconds(): number | undefined {
    if (this.resetsAt === undefined) return undefined;
    return Math.max(0, Math.ceil((this.resetsAt.getTime() - Date.now()) / 1000));
  }

  /** Headers for the refusal; `retry-after` only when the reset is known. */
  get headers(): Record<string, string> {
    const headers: Record<string, string> = {
      "x-should-retry": "false",
      "x-payi-limit-id": this.limitIds.join(","),
    };
    const seconds = this.retryAfterSeconds;
    if (seconds !== undefined) headers["retry-after"] = String(seconds);
    return headers;
  }

  /** The body for an HTTP answer with `status`. */
  toProblem(status: number = this.status, { exposeAmounts = false }: ProblemOptions = {}): LimitProblem {
    const { spent, held, max } = this;
    return {
      type: this.docsUrl,
      title: "Spending limit reached",
      status,
      code: "payi_limit_exceeded",
      limitIds: this.limitIds,
      ...(this.limitName === undefined ? {} : { limitName: this.limitName }),
      ...(this.useCaseName === undefined ? {} : { useCase: this.useCaseName }),
      ...(exposeAmounts && spent !== undefined ? { spent } : {}),
      ...(exposeAmounts && held !== undefined ? { held } : {}),
      ...(exposeAmounts && max !== undefined ? { max } : {}),
    };
  }

  /**
   * The refusal inside an error, or undefined when there is none. Frameworks and provider SDKs wrap errors, so
   * this walks `cause`, `errors` and `lastError` and reads the provider-shaped 403 that the transport answers.
   * Never throws.
   */
  static from(error: unknown): LimitExceededError | undefined {
    return findRefusal(error, new Set());
  }
}

function refusalMessage(refusal: LimitRefusal): string {
  const name = refusal.limitName ?? refusal.limitIds.join(", ");
  if (refusal.reason === "unreachable") {
    const whose = name === "" ? "Spending limits" : `The spending limit "${name}"`;
    return `${whose} could not be checked, because the platform did not answer, and this call was refused. Check PAYI_BASE_URL and that the platform is running, or let calls through then: the limit's on_unreachable, and config.onLimitCheckError for limits that were never learned.`;
  }
  const reset = refusal.resetsAt === undefined ? "" : ` It resets at ${refusal.resetsAt.toISOString()}.`;
  const why =
    refusal.reason === "unpriced"
      ? " Nobody knows the price of this model, and the limit refuses such calls (on_unpriced)."
      : "";
  return `The spending limit "${name}" refused this call.${why}${reset} Raise or reset the limit to go on.`;
}

function findRefusal(error: unknown, seen: Set<unknown>): LimitExceededError | undefined {
  if (typeof error !== "object" || error === null || seen.has(error) || seen.size > 32) return undefined;
  seen.add(error);
  if (LIMIT_BRAND in error) return error as unknown as LimitExceededError;
  const fields = error as Record<string, unknown>;
  // Vercel's AI SDK spells them `responseHeaders`, `responseBody` and `statusCode`.
  const headers = fields["headers"] ?? fields["responseHeaders"];
  const marker = readHeader(headers, "x-payi-limit-id");
  const status = fields["status"] ?? fields["statusCode"];
  const code =
    fields["code"] ?? readPath(fields, ["error", "error", "code"]) ?? readPath(fields, ["error", "code"]);
  const message = typeof fields["message"] === "string" ? fields["message"] : "";
  if (
    code === "payi_limit_exceeded" ||
    code === "limit_reached" ||
    (marker !== undefined && status === 403) ||
    message.includes('"payi_limit_exceeded"')
  ) {
    const told = recallRefusal([
      readHeader(headers, REFUSAL_HEADER),
      readPath(fields, ["error", "error", "refusal"]),
      readPath(fields, ["error", "refusal"]),
      fields["responseBody"],
      message,
    ]);
    const limitIds = marker?.split(",").filter((id) => id !== "") ?? [];
    return new LimitExceededError(told ?? { limitIds }, { cause: error });
  }
  for (const key of ["cause", "lastError"]) {
    const found = findRefusal(fields[key], seen);
    if (found !== undefined) return found;
  }
  const errors = fields["errors"];
  if (Array.isArray(errors)) {
    for (const inner of errors) {
      const found = findRefusal(inner, seen);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function readHeader(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  if ("get" in headers && typeof headers.get === "function") {
    return (headers as Headers).get(name) ?? undefined;
  }
  const value = (headers as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}

function readPath(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

/** Connection errors aside, these answers may be retried. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}
