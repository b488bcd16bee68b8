/** An instrumented process with limits: a platform that has some, and a provider that must not be reached in vain. */
import { createClient } from "../../src/client/create-client.ts";
import { type PayiInstrumentConfig } from "../../src/config.ts";
import { type Instrumentation, payiInstrument, uninstrument } from "../../src/instrument/instrument.ts";
import { USD } from "../../src/money.ts";
import { type GuardLimit } from "../../src/wire/guard.ts";
import { SILENT } from "../support.ts";
import { type LimitPlatform, startLimitPlatform } from "./limit-platform.ts";

export interface Limited extends Instrumentation, AsyncDisposable {
  readonly platform: LimitPlatform;
}

/** A block limit of one dollar for every call, unless told otherwise. */
export function blockLimit(limitId: string, fields: Partial<GuardLimit> = {}): GuardLimit {
  return {
    limitId,
    limitName: `The ${limitId} budget`,
    limitType: "block",
    max: USD,
    selector: {},
    ...fields,
  };
}

export async function limited(
  limits: readonly GuardLimit[],
  hosts: Readonly<Record<string, string>>,
  config: PayiInstrumentConfig = {},
): Promise<Limited> {
  const platform = await startLimitPlatform();
  for (const limit of limits) platform.book.put(limit);
  const hostMappings = Object.fromEntries(
    Object.entries(hosts).map(([host, priceAsCategory]) => [host, { priceAsCategory }]),
  );
  const instrumentation = payiInstrument({
    payi: createClient({ apiKey: "test", baseUrl: platform.url }),
    config: {
      useCaseName: "tests",
      hostMappings,
      spool: { mode: "memory" },
      limitCheckTimeoutMs: 30_000,
      ...config,
    },
    logger: SILENT,
  });
  return Object.assign(instrumentation, {
    platform,
    async [Symbol.asyncDispose]() {
      await instrumentation.close({ timeoutMs: 500 });
      uninstrument();
      await platform[Symbol.asyncDispose]();
    },
  });
}
