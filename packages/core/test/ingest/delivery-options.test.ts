import { expect, test } from "vitest";

import { ConfigurationError } from "../../src/errors.ts";
import { readDeliveryOptions } from "../../src/ingest/delivery-options.ts";

test("without options, memory comes first and disk takes what it cannot hold", () => {
  expect(readDeliveryOptions({})).toEqual({
    quickRetries: 0,
    firstDelayMs: 500,
    keepsUndelivered: true,
    maxItems: 10_000,
    lingerMs: 100,
    spool: { mode: "overflow", directory: undefined, maxBytes: 256 << 20 },
    offline: undefined,
  });
});

test("times are given in seconds, as Pay-i's own SDK has them", () => {
  const ingestRetry = {
    maxInlineRetries: 2,
    inlineRetryInitialDelay: 0.25,
    queueMaxSize: 0,
    queueInterval: 5,
    queueEnabled: false,
  };
  expect(readDeliveryOptions({ ingestRetry })).toMatchObject({
    quickRetries: 2,
    firstDelayMs: 250,
    keepsUndelivered: false,
    maxItems: 0,
    lingerMs: 5_000,
    spool: { mode: "memory" },
  });
});

test.for([
  [{ ingestRetry: { queueInterval: -1 } }, "config.ingestRetry.queueInterval"],
  [{ ingestRetry: { queueInterval: 0 } }, "config.ingestRetry.queueInterval"],
  // A timer of the runtime would fire at once.
  [{ ingestRetry: { queueInterval: 1e9 } }, "config.ingestRetry.queueInterval"],
  [{ ingestRetry: { queueMaxSize: 1.5 } }, "config.ingestRetry.queueMaxSize"],
  [{ ingestRetry: { maxInlineRetries: 0.5 } }, "config.ingestRetry.maxInlineRetries"],
  [{ ingestRetry: { inlineRetryInitialDelay: Number.NaN } }, "config.ingestRetry.inlineRetryInitialDelay"],
  [{ ingestRetry: { queueEnabled: "no" } }, "config.ingestRetry.queueEnabled"],
  [{ ingestRetry: { queueSize: 3 } }, "config.ingestRetry.queueSize"],
  [{ spool: { mode: "disk" } }, "config.spool.mode"],
  [{ spool: { mode: "sync" }, ingestRetry: { queueEnabled: false } }, "config.spool.mode"],
  [{ spool: { directory: "" } }, "config.spool.directory"],
  [{ spool: { maxBytes: 10 } }, "config.spool.maxBytes"],
  [{ offlineInstrumentation: { fileName: "" } }, "config.offlineInstrumentation.fileName"],
  [{ offlineInstrumentation: { file: "a" } }, "config.offlineInstrumentation.file"],
] as const)("%j is refused with the name of the option", ([config, setting]) => {
  let error: unknown;
  try {
    readDeliveryOptions(config as never);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(ConfigurationError);
  expect((error as ConfigurationError).setting).toBe(setting);
  expect((error as ConfigurationError).message).toContain(setting);
});
