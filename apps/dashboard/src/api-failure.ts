/** A request to the platform that did not answer what was asked: the platform's own words, and how to find it there. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;
  /** The contract's error code. */
  readonly code: string;
  /** To be quoted when asking for help; undefined when the platform gave none. */
  readonly requestId: string | undefined;

  constructor(status: number, code: string, message: string, requestId?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

interface ErrorBody {
  readonly message?: unknown;
  readonly request_id?: unknown;
  readonly xproxy_error?: { readonly code?: unknown; readonly message?: unknown };
}

/** Reads an error answer, whatever stands in it; never throws. */
export async function readFailure(response: Response): Promise<ApiFailure> {
  const body = await response.json().then(
    (value: unknown) => (typeof value === "object" && value !== null ? (value as ErrorBody) : {}),
    (): ErrorBody => ({}),
  );
  const { code } = body.xproxy_error ?? {};
  const message = [body.xproxy_error?.message, body.message].find((text) => typeof text === "string");
  return new ApiFailure(
    response.status,
    typeof code === "string" ? code : "unknown_error",
    typeof message === "string" ? message : `The platform answered ${response.status} without a message.`,
    typeof body.request_id === "string"
      ? body.request_id
      : (response.headers.get("x-request-id") ?? undefined),
  );
}
