import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { newId } from "../../src/new-id.ts";
import { type NewEvent } from "../../src/store/event.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { type Store } from "../../src/store/store.ts";

/** A real store in a folder of its own, which goes with it. */
export interface TestStore extends Store {
  readonly file: string;
  /** An application comes with its first key. */
  makeApplication(id: string): Promise<void>;
}

export async function openTestStore(): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), "payi-store-"));
  const file = join(directory, "payi.sqlite");
  const store = await openSqliteStore(file);
  return {
    ...store,
    file,
    async makeApplication(id) {
      await store.ensureKey({
        application: id,
        name: "test",
        prefix: "",
        hash: new TextEncoder().encode(id),
      });
    },
    async close() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** An event with nothing special about it. */
export function newEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return {
    id: newId(),
    application: "default",
    timeMs: 1000,
    receivedMs: 1000,
    category: "system.openai",
    resource: "model",
    scope: null,
    useCase: null,
    version: null,
    instance: null,
    step: null,
    user: null,
    account: null,
    httpStatus: 200,
    outcome: "ok",
    usageSource: "provider",
    attempt: null,
    callId: null,
    parentInstance: null,
    refusedBy: [],
    failure: null,
    failureDescription: null,
    error: false,
    blocked: false,
    seeded: false,
    latencyMs: null,
    firstTokenMs: null,
    firstCompletionTokenMs: null,
    units: { text: { input: 1, output: 1 } },
    tokensInput: 1,
    tokensOutput: 1,
    serviceTier: null,
    speed: null,
    inferenceGeo: null,
    dataResidency: null,
    pricingStatus: "priced",
    cost: { input: 1n, output: 1n, total: 2n },
    costLines: [],
    unknownUnits: {},
    resourceId: null,
    book: "test",
    providerResponseId: null,
    providerUri: null,
    functionCalls: [],
    requestTags: [],
    properties: {},
    warnings: [],
    instanceProperties: {},
    limitIds: undefined,
    key: undefined,
    text: undefined,
    ...fields,
  };
}
