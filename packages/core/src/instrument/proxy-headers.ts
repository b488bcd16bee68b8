/** A call's context as headers for the platform's proxy (contract 7.2). */
import { type PriceAs, UNKNOWN_MODEL } from "../call-pricing.ts";
import { type ContextValues } from "../context.ts";
import { HEADER, HEADER_PREFIX, encodeIngestHeaders } from "../wire/headers.ts";
import { type Properties } from "../wire/ingest.ts";

/** Where the proxy finds the provider, when it is not the provider's own host. */
export const PROVIDER_BASE_URI: string = `${HEADER_PREFIX}provider-baseuri`;
/** `xProxy-Forward-<Name>` goes to the provider as `<Name>`. */
export const FORWARD_PREFIX: string = `${HEADER_PREFIX}forward-`;

/** Property headers are base64 of JSON; text that no header can carry is left out. */
export function encodeProxyHeaders(
  context: ContextValues,
  priceAs: Pick<PriceAs, "category" | "resource">,
  keepText: boolean,
): Record<string, string> {
  const headers = encodeIngestHeaders(context);
  const more: Readonly<Record<string, string | undefined>> = {
    [HEADER.useCaseProperties]: encodeProperties(context.useCaseProperties),
    [HEADER.requestProperties]: encodeProperties(context.requestProperties),
    [HEADER.priceAsCategory]: priceAs.category,
    [HEADER.priceAsResource]: priceAs.resource === UNKNOWN_MODEL ? undefined : priceAs.resource,
    [HEADER.loggingDisable]: keepText ? undefined : "True",
  };
  for (const [name, value] of Object.entries(more))
    if (value !== undefined && value !== "") headers[name] = value;
  return headers;
}

function encodeProperties(properties: Properties | undefined): string | undefined {
  if (properties === undefined || Object.keys(properties).length === 0) return undefined;
  let binary = "";
  for (const byte of new TextEncoder().encode(JSON.stringify(properties)))
    binary += String.fromCharCode(byte);
  return btoa(binary);
}
