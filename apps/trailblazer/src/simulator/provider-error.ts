/** Which provider's error bodies and headers an answer has. */
export type Flavour = "anthropic" | "openai";

/** An error that is answered in the provider's own shape. */
export class ProviderError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly parameter: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: { code?: string; parameter?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.name = "ProviderError";
    this.status = status;
    this.code = more.code ?? null;
    this.parameter = more.parameter ?? null;
    this.headers = more.headers ?? {};
  }
}

/** The body that the provider would send. */
export function encodeError(flavour: Flavour, error: ProviderError, requestId: string): unknown {
  if (flavour === "anthropic") {
    const type = ANTHROPIC_TYPES[error.status] ?? "api_error";
    return { type: "error", error: { type, message: error.message }, request_id: requestId };
  }
  const type = OPENAI_TYPES[error.status] ?? (error.status >= 500 ? "server_error" : "invalid_request_error");
  return { error: { message: error.message, type, param: error.parameter, code: error.code } };
}

/** The error that `x-simulate` asked for, worded as the provider words it. */
export function simulatedError(
  flavour: Flavour,
  status: 429 | 500 | 529,
  model: string,
  retryAfterSeconds: number | undefined,
): ProviderError {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  const anthropic = flavour === "anthropic";
  switch (status) {
    case 429: {
      const message = anthropic
        ? "This request would exceed your organization's rate limit of 50 requests per minute."
        : `Rate limit reached for ${model} in organization org-simulated on requests per min (RPM): Limit 500, Used 500, Requested 1.`;
      return new ProviderError(429, message, { code: "rate_limit_exceeded", headers });
    }
    case 500: {
      const message = anthropic
        ? "Internal server error"
        : "The server had an error while processing your request. Sorry about that!";
      return new ProviderError(500, message);
    }
    default: {
      const message = anthropic
        ? "Overloaded"
        : "The engine is currently overloaded, please try again later.";
      return new ProviderError(529, message);
    }
  }
}

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  405: "invalid_request_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  429: "requests",
  529: "service_unavailable_error",
};
