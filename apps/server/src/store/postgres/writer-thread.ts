/**
 * The writer of a PostgreSQL store, in a thread of its own: deciding and encoding thousands of events keeps no request
 * waiting, and no request keeps PostgreSQL waiting for the next statement.
 */
import { parentPort, workerData } from "node:worker_threads";

import { type WriteVerb } from "../sql/operation.ts";
import { type Answer, type Request, type Requests, toFailure } from "../thread/message.ts";
import { packValue, unpackRequest } from "../thread/recording.ts";
import { Writer, type WriterSettings } from "./writer.ts";

if (parentPort === null) throw new Error("writer-thread.ts runs in a worker thread only.");
const port = parentPort;
const writer = new Writer(workerData as WriterSettings);
let answers: Answer[] = [];

port.on("message", (requests: Requests | "close") => {
  if (requests === "close") void end();
  else for (const request of requests) void run(request);
});

async function run(request: Request): Promise<void> {
  try {
    const { verb, values, once } = unpackRequest(request);
    const value = await writer.call(verb as WriteVerb | "record", values, once);
    answer({ id: request.id, value: packValue(request, value) });
  } catch (error) {
    answer(toFailure(request.id, error));
  }
}

/** Those of one commit leave in one message. */
function answer(one: Answer): void {
  if (answers.length === 0) setImmediate(send);
  answers.push(one);
}

function send(): void {
  port.postMessage(answers);
  answers = [];
}

async function end(): Promise<void> {
  await writer.close();
  setImmediate(() => port.close());
}

port.postMessage("ready");
