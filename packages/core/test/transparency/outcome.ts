/** What an application can see of a call, as JSON: values, kinds, errors, in the order they came. */

/** A value in plain words: class names stand beside fields, functions and ids that differ per run do not. */
export function plain(value: unknown, depth = 0): unknown {
  if (value === undefined) return "undefined";
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 8) return "…";
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Response) return plainResponse(value);
  if (value instanceof Headers) return plainHeaders(value);
  if (value instanceof Uint8Array || value instanceof ArrayBuffer)
    return `${kindOf(value)} of ${value.byteLength}`;
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  const fields = Object.entries(value).map(([name, item]): [string, unknown] => [
    name,
    plain(item, depth + 1),
  ]);
  return { "(kind)": kindOf(value), ...Object.fromEntries(fields) };
}

export function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return typeof value;
  // What stands between a watched object and its class has no constructor of its own.
  return (value as { constructor?: { name?: string } }).constructor?.name ?? "no constructor";
}

function plainError(error: Error, depth: number): unknown {
  const { name, message, cause } = error;
  const {
    status,
    code,
    type,
    request_id: requestId,
    headers,
    error: body,
  } = error as unknown as Record<string, unknown>;
  return {
    kind: kindOf(error),
    name,
    message,
    status,
    code,
    type,
    requestId,
    body: plain(body, depth + 1),
    headers: headers instanceof Headers ? plainHeaders(headers) : undefined,
    cause: cause === undefined ? undefined : plain(cause, depth + 1),
  };
}

function plainResponse(response: Response): unknown {
  const { status, statusText, ok, redirected, type, bodyUsed } = response;
  return {
    kind: kindOf(response),
    isResponse: response instanceof Response,
    path: URL.parse(response.url)?.pathname,
    status,
    statusText,
    ok,
    redirected,
    type,
    bodyUsed,
    headers: plainHeaders(response.headers),
  };
}

function plainHeaders(headers: Headers): unknown {
  return [...headers].filter(([name]) => name !== "date");
}

/** What `act` answered or threw. */
export async function outcomeOf(act: () => unknown): Promise<unknown> {
  try {
    return { answered: plain(await act()) };
  } catch (error) {
    return { threw: plain(error) };
  }
}
