import { type PayiInstrumentConfig } from "../../src/config.ts";
import { type Loopback, meter } from "../support.ts";
import { outcomeOf } from "./outcome.ts";

/** The same act without us and with us, with everything recorded that can be; `calls` is how many we metered. */
export async function twice(
  act: () => unknown,
  config: PayiInstrumentConfig,
  providers: readonly Loopback[] = [],
): Promise<{ bare: unknown; metered: unknown; calls: number }> {
  const bare = await outcomeOf(act);
  await using instrumented = await meter(providers, "own", {
    config: { captureStackTrace: true, ...config },
    logPromptAndResponse: true,
  });
  const metered = await outcomeOf(act);
  // What nobody reads to its end is counted at the latest now.
  await instrumented.close({ timeoutMs: 2_000 });
  return { bare, metered, calls: instrumented.stats().produced };
}
