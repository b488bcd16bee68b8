/** A queue as `openDelivery` makes it, with bounds that a test can reach. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient } from "../../src/client/create-client.ts";
import { type SpoolMode } from "../../src/ingest/delivery-options.ts";
import { nodeModules } from "../../src/ingest/node-modules.ts";
import { IngestQueue, type QueueOptions } from "../../src/ingest/queue.ts";
import { ThrottledLog } from "../../src/logger.ts";
import { type Stats } from "../../src/stats.ts";
import { type IngestEvent } from "../../src/wire/ingest.ts";
import { SILENT } from "../support.ts";

export const node: NonNullable<ReturnType<typeof nodeModules>> = nodeModules() as never;

export interface TestQueue extends Partial<QueueOptions> {
  readonly folder?: string;
  readonly mode?: SpoolMode;
  readonly maxSpoolBytes?: number;
}

export function openQueue(baseUrl: string, options: TestQueue = {}): IngestQueue {
  const { folder, mode = "overflow", maxSpoolBytes = 256 << 20, ...rest } = options;
  return new IngestQueue({
    // A batch that a busy machine is slow to answer is not sent again meanwhile.
    client: (stop) => createClient({ apiKey: "k", baseUrl }).forDelivery(stop, 30_000),
    log: new ThrottledLog(SILENT, 60_000),
    maxItems: 10_000,
    maxBytes: 16 << 20,
    lingerMs: 5,
    firstDelayMs: 500,
    quickRetries: 0,
    keepsUndelivered: true,
    onResult: () => undefined,
    ...(folder === undefined
      ? {}
      : { spool: { node, folder, options: { mode, directory: undefined, maxBytes: maxSpoolBytes } } }),
    ...rest,
  });
}

export function event(id: string, more: Partial<IngestEvent> = {}): IngestEvent {
  return { category: "system.openai", resource: "gpt-5", units: {}, providerResponseId: id, ...more };
}

export function addsUp({ produced, delivered, pending, dropped }: Stats): boolean {
  return produced === delivered + pending + Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** A folder that goes with the scope. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const parent = mkdtempSync(join(tmpdir(), "payi-spool-test-"));
  return {
    path: join(parent, "spool"),
    [Symbol.dispose]: () => rmSync(parent, { recursive: true, force: true }),
  };
}

/** Every file and folder below, with its permissions. */
export function listFiles(folder: string): { readonly path: string; readonly mode: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => {
    const path = join(folder, name);
    return { path, mode: (statSync(path).mode & 0o777).toString(8) };
  });
}

export function idsOf(events: readonly IngestEvent[]): (string | undefined)[] {
  return events.map(({ providerResponseId }) => providerResponseId);
}

export function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `e${from + index}`);
}
