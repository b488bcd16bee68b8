/**
 * Pay-i's headers among the per-request headers of a provider SDK: they belong to this call's attribution, beat the
 * context key by key (contract 8.2) and never reach the provider, except where its SDK has signed them for AWS: a
 * signature without them would not hold.
 */
import { type ContextValues } from "../context.ts";
import { HEADER, HEADER_PREFIX, parsePropertyHeader, splitList } from "../wire/headers.ts";
import { readProperties } from "../wire/parse.ts";
import { FORWARD_PREFIX } from "./proxy-headers.ts";

export interface StrippedHeaders {
  /** What goes to the provider. */
  readonly headers: Headers;
  /** What goes to the platform's proxy: the same, and what it is asked to forward. */
  readonly forwarded: Headers;
  readonly context: ContextValues;
  /** Names of ours that a signature covers, so that they had to stay. */
  readonly signed: readonly string[];
}

/** What a request's headers tell us. */
export interface SeenHeaders {
  /** Names of those that are ours. */
  readonly ours: readonly string[];
  /** How often the SDK has tried before, where it says so. */
  readonly retries: string | undefined;
  /** After this long the SDK gives up by itself, where it says so. */
  readonly timeoutMs: number | undefined;
}

/** One walk over all headers: it costs no more than three look-ups by name. */
export function seeHeaders(given: Headers): SeenHeaders {
  const ours: string[] = [];
  let retries: string | undefined;
  let timeoutMs: number | undefined;
  given.forEach((value, name) => {
    if (name.startsWith(HEADER_PREFIX)) ours.push(name);
    else if (name === "x-stainless-retry-count") retries = value;
    else if (name === "x-stainless-timeout" && Number(value) > 0) timeoutMs = Number(value) * 1000;
  });
  return { ours, retries, timeoutMs };
}

/** Undefined when there is nothing of ours among them, which is the usual case: then nothing is copied. */
export function takeCallHeaders(
  given: Headers,
  ours: readonly string[],
  context: ContextValues,
): StrippedHeaders | undefined {
  if (ours.length === 0) return undefined;
  const headers = new Headers(given);
  const forwarded = new Headers(given);
  const covered = signedHeaders(given);
  for (const name of ours) {
    if (covered.includes(name)) continue;
    headers.delete(name);
    if (!name.startsWith(FORWARD_PREFIX)) forwarded.delete(name);
  }
  return {
    headers,
    forwarded,
    context: overlay(context, (name) => given.get(name) ?? undefined),
    signed: ours.filter((name) => covered.includes(name)),
  };
}

/** The names that an AWS signature covers. */
export function signedHeaders(given: Headers): readonly string[] {
  const covered = /^AWS4-HMAC-SHA256 .*SignedHeaders=([^,\s]+)/.exec(given.get("authorization") ?? "");
  return covered?.[1]?.split(";") ?? [];
}

function overlay(context: ContextValues, header: (name: string) => string | undefined): ContextValues {
  /** Absent: the context's; present and empty: nothing; else the header's. */
  const pick = (name: string, inherited: string | undefined): string | undefined => {
    const value = header(name);
    return value === undefined ? inherited : value || undefined;
  };
  const name = header(HEADER.useCaseName);
  const named = name !== undefined;
  // A name given for this call alone leaves the id, version and step of the context behind.
  const base: ContextValues = named
    ? {
        ...context,
        useCaseId: undefined,
        useCaseVersion: undefined,
        useCaseStep: undefined,
        // What belongs to a use case means nothing without one.
        useCaseProperties: name === "" ? undefined : context.useCaseProperties,
      }
    : context;
  const useCaseName = pick(HEADER.useCaseName, base.useCaseName);
  const ownId =
    !named && base.useCaseName !== undefined ? base.useCaseId : pick(HEADER.useCaseId, base.useCaseId);
  const version = pick(HEADER.useCaseVersion, base.useCaseVersion?.toString());
  return {
    ...base,
    useCaseName,
    useCaseId: ownId ?? (useCaseName === undefined ? undefined : crypto.randomUUID()),
    useCaseVersion: version !== undefined && /^\d+$/.test(version) ? Number(version) : undefined,
    useCaseStep: pick(HEADER.useCaseStep, base.useCaseStep),
    useCaseProperties: properties(header(HEADER.useCaseProperties), base.useCaseProperties),
    requestProperties: properties(header(HEADER.requestProperties), base.requestProperties),
    limitIds: splitList(header(HEADER.limitIds)) ?? base.limitIds,
    userId: pick(HEADER.userId, base.userId),
    accountName: pick(HEADER.accountName, base.accountName),
    priceAsCategory: pick(HEADER.priceAsCategory, base.priceAsCategory),
    priceAsResource: pick(HEADER.priceAsResource, base.priceAsResource),
    resourceScope: pick(HEADER.resourceScope, base.resourceScope),
    // Whatever its value: who sends it wants no words kept.
    logPromptAndResponse: header(HEADER.loggingDisable) === undefined ? base.logPromptAndResponse : false,
  };
}

function properties(
  header: string | undefined,
  inherited: ContextValues["requestProperties"],
): ContextValues["requestProperties"] {
  if (header === undefined) return inherited;
  if (header === "") return undefined;
  const given = parsePropertyHeader(header);
  // What nobody can read replaces nothing.
  if (given === undefined) return inherited;
  try {
    return readProperties(given, "properties");
  } catch {
    return inherited;
  }
}
