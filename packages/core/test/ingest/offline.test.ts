import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import OpenAI from "openai";
import { expect, test } from "vitest";

import { getContext, trackContext } from "../../src/context.ts";
import { OfflineFile } from "../../src/ingest/offline.ts";
import { payiInstrument, uninstrument } from "../../src/instrument/instrument.ts";
import { ThrottledLog } from "../../src/logger.ts";
import { decodeIngestItem } from "../../src/wire/ingest.ts";
import { xproxyResult } from "../../src/xproxy-result.ts";
import { scratchFolder, startApplication, startProvider, startServer } from "../faults/harness.ts";
import { SILENT, startLoopback } from "../support.ts";
import { CHAT_ANSWER } from "../synthetic.ts";
import { addsUp, event, node } from "./open-queue.ts";

const log = new ThrottledLog(SILENT, 60_000);

function readEvents(file: string): { provider_response_id: string }[] {
  return JSON.parse(readFileSync(file, "utf8")) as { provider_response_id: string }[];
}

test("a run without a platform ends with a file, and payi import loads it, twice without doubling", async () => {
  await using server = await startServer();
  await using provider = await startProvider();
  using folder = scratchFolder();
  const fileName = join(folder.path, "events.json");
  // Nothing listens at the platform's address: offline it is not asked.
  using application = startApplication(
    { provider: provider.url, config: { offlineInstrumentation: { fileName } }, calls: 30, ending: "exit" },
    "http://127.0.0.1:9",
  );
  expect((await application.gone).code).toBe(3);
  expect(readEvents(fileName)).toHaveLength(30);
  expect(readEvents(fileName)[0]).toMatchObject({
    use_case_name: "faults",
    user_id: "jane",
    category: "system.openai",
  });
  await server.kill("SIGTERM");
  expect((await server.payi("import", fileName)).output).toContain(
    "30 recorded, 0 were there already, 0 refused",
  );
  expect((await server.payi("import", fileName)).output).toContain("0 recorded, 30 were there already");
  await server.start();
  expect(await server.count()).toBe(30);
});

test("an event stands in the file under the names of Pay-i's own SDK, and no platform has named its request", async () => {
  await using provider = await startLoopback((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(CHAT_ANSWER));
  });
  using folder = scratchFolder();
  const fileName = join(folder.path, "events.json");
  const sources: string[] = [];
  const payi = payiInstrument({
    logger: SILENT,
    onResult: (_result, { source }) => void sources.push(source),
    config: { offlineInstrumentation: { fileName }, hostMappings: { [provider.host]: {} } },
  });
  try {
    const context = { useCaseName: "trails", userId: "jane", limitIds: ["a"], resourceScope: "region.eu" };
    const answer = await trackContext(context, () =>
      new OpenAI({ apiKey: "k", baseURL: `${provider.url}/v1` }).chat.completions.create({
        model: "gpt-5",
        messages: [{ role: "user", content: "hello" }],
      }),
    );
    expect(xproxyResult(answer)).toMatchObject({
      requestId: "local_instrumentation",
      cost: { status: "priced" },
    });
    expect(getContext().lastResult?.requestId).toBe("local_instrumentation");
    expect(await payi.close()).toMatchObject({ sent: 0, spooled: 1, failed: 0, dropped: 0 });
  } finally {
    uninstrument();
  }
  expect(sources).toEqual(["local"]);
  const [told] = readEvents(fileName);
  expect(told).toMatchObject({
    use_case_name: "trails",
    user_id: "jane",
    limit_ids: ["a"],
    resource_scope: "region.eu",
  });
  expect(told).not.toHaveProperty("scope");
  expect(decodeIngestItem(told).resourceScope).toBe("region.eu");
});

test("the file is whole after every write, and a later run continues it", async () => {
  using folder = scratchFolder();
  const fileName = join(folder.path, "events.json");
  for (const [run, count] of [10, 2_500, 1].entries()) {
    const file = new OfflineFile(node, fileName, log);
    for (let index = 0; index < count; index += 1) file.push(event(`${run}-${index}`));
    expect(await file.flush()).toEqual({ sent: 0, spooled: count, failed: 0, dropped: 0 });
    expect(readEvents(fileName).at(-1)).toMatchObject({ provider_response_id: `${run}-${count - 1}` });
    file.push(event(`${run}-last`));
    await file.close();
    expect(file.stats).toMatchObject({ produced: count + 1, pending: count + 1, spooled: count + 1 });
  }
  expect(readEvents(fileName)).toHaveLength(2_514);
});

test("without events there is no file; the default name tells the time", () => {
  using folder = scratchFolder();
  const before = process.cwd();
  process.chdir(folder.path);
  try {
    const at = new Date("2026-11-21T03:04:05Z");
    new OfflineFile(node, undefined, log, at).saveNow();
    expect(readdirSync(folder.path)).toEqual([]);
    const file = new OfflineFile(node, undefined, log, at);
    file.push(event("a"));
    file.saveNow();
    expect(readdirSync(folder.path)).toEqual(["payi_instrumentation_2026-11-21-03-04-05.json"]);
  } finally {
    process.chdir(before);
  }
});

test("a file of another kind is left alone, and the error says what to do", () => {
  using folder = scratchFolder();
  const fileName = join(folder.path, "notes.txt");
  writeFileSync(fileName, "do not lose this");
  expect(() => new OfflineFile(node, fileName, log)).toThrow(
    /offlineInstrumentation.fileName.*Name another one/,
  );
});

test("events that cannot be written wait, and are counted as lost only at the end", async () => {
  using folder = scratchFolder();
  const file = new OfflineFile(node, join(folder.path, "missing", "events.json"), log);
  file.push(event("a"));
  file.pushScore();
  expect(await file.flush()).toMatchObject({ spooled: 0, failed: 1 });
  expect(file.saveNow()).toBe(1);
  file.push(event("late"));
  expect(file.stats).toMatchObject({
    produced: 3,
    pending: 0,
    dropped: { shutdown_deadline: 2, offline: 1 },
  });
  expect(addsUp(file.stats)).toBe(true);
  expect(existsSync(join(folder.path, "missing"))).toBe(false);
});
