/** The context headers of contract 3.2 and 7.2. Header names are compared in lower case, as Node delivers them. */

export const HEADER = {
  apiKey: "xproxy-api-key",
  limitIds: "xproxy-limit-ids",
  useCaseName: "xproxy-usecase-name",
  useCaseId: "xproxy-usecase-id",
  useCaseVersion: "xproxy-usecase-version",
  useCaseStep: "xproxy-usecase-step",
  useCaseProperties: "xproxy-usecase-properties",
  requestProperties: "xproxy-request-properties",
  userId: "xproxy-user-id",
  accountName: "xproxy-account-name",
  priceAsCategory: "xproxy-priceas-category",
  priceAsResource: "xproxy-priceas-resource",
  resourceScope: "xproxy-resource-scope",
  loggingDisable: "xproxy-logging-disable",
  instrumentedModule: "xproxy-instrumented-module",
  experienceName: "xproxy-experience-name",
  experienceId: "xproxy-experience-id",
  routeAsResource: "xproxy-routeas-resource",
} as const;

/** Every header that belongs to Pay-i starts so, and none of them may reach a provider in direct mode. */
export const HEADER_PREFIX = "xproxy-";

/** Looks a header up by its lower-case name. */
export type HeaderLookup = (name: string) => string | undefined;

/** A comma list with blanks trimmed and empty parts left out; undefined when the header is absent. */
export function splitList(value: string | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** A property header: plain JSON, or base64 of JSON as the contract's proxy has it. Undefined when it is neither. */
export function parsePropertyHeader(value: string | undefined): unknown {
  if (value === undefined || value === "") return undefined;
  const text = value.trimStart().startsWith("{") ? value : decodeBase64(value);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function decodeBase64(value: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(value), (character) => character.charCodeAt(0)));
  } catch {
    return "";
  }
}

/** The context headers of `POST /ingest`. Text that no header can carry stands in the body alone. */
export function encodeIngestHeaders(event: {
  readonly limitIds?: readonly string[] | undefined;
  readonly useCaseName?: string | undefined;
  readonly useCaseId?: string | undefined;
  readonly useCaseVersion?: number | undefined;
  readonly useCaseStep?: string | undefined;
  readonly userId?: string | undefined;
  readonly accountName?: string | undefined;
  readonly resourceScope?: string | undefined;
}): Record<string, string> {
  const values: Readonly<Record<string, string | undefined>> = {
    [HEADER.limitIds]: event.limitIds?.join(","),
    [HEADER.useCaseName]: event.useCaseName,
    [HEADER.useCaseId]: event.useCaseId,
    [HEADER.useCaseVersion]: event.useCaseVersion?.toString(),
    [HEADER.useCaseStep]: event.useCaseStep,
    [HEADER.userId]: event.userId,
    [HEADER.accountName]: event.accountName,
    [HEADER.resourceScope]: event.resourceScope,
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== "" && /^[\x20-\x7e]+$/.test(value)) headers[name] = value;
  }
  return headers;
}
