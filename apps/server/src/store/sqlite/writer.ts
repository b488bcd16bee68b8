/**
 * The one writer, in a thread of its own. Requests that gathered while the last commit ran share the next one. Where one
 * fails, all run again, each in a savepoint, so that it is undone alone. Answers leave after the commit.
 */
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

import { joinCalls, runJoined } from "../sql/joined-calls.ts";
import { type Program, savepoint } from "../sql/program.ts";
import { type Answer, type Request, type Requests, toFailure } from "../thread/message.ts";
import { packValue, unpackRequest } from "../thread/recording.ts";
import { Connection, type FileSettings } from "./connection.ts";
import { drive } from "./drive.ts";
import { toStoreError } from "./failure.ts";
import { migrate } from "./migrate.ts";
import { assertNotMoved, assertWritable } from "./moved.ts";
import { UndoneError } from "./undone-error.ts";

if (parentPort === null) throw new Error("writer.ts runs in a worker thread only.");
const port = parentPort;
const settings = workerData as FileSettings;
const connection = new Connection(settings.file, { readOnly: false });
assertNotMoved(connection);
migrate(connection);

function runBatch(requests: readonly Request[]): void {
  let answers: readonly Answer[];
  try {
    answers = commit(requests, runTogether) ?? commit(requests, runApart) ?? [];
  } catch (error) {
    rollback();
    // Nothing of the batch is durable, so nobody is told that it is.
    answers = requests.map((request) => toFailure(request.id, toStoreError(error)));
  }
  port.postMessage(answers);
}

type Groups = readonly (readonly Request[])[];

/** The answers once they are durable; undefined where there are none, and nothing has been done. */
function commit(
  requests: readonly Request[],
  run: (groups: Groups) => readonly Answer[] | undefined,
): readonly Answer[] | undefined {
  connection.exec("BEGIN IMMEDIATE");
  assertWritable(connection);
  const answers = run(joinCalls(requests));
  connection.exec(answers === undefined ? "ROLLBACK" : "COMMIT");
  return answers;
}

/** Everything at once; undefined where something fails. A savepoint would keep a copy of every page that is changed. */
function runTogether(groups: Groups): readonly Answer[] | undefined {
  try {
    return groups.flatMap((requests) => answer(requests, drive(connection, runJoined(requests))));
  } catch (error) {
    assertInTransaction(error);
    return undefined;
  }
}

/** Each group in a savepoint. */
function runApart(groups: Groups): readonly Answer[] {
  return groups.flatMap(runGroup);
}

function runGroup(requests: readonly Request[]): readonly Answer[] {
  try {
    const work = (): Program<readonly unknown[]> => runJoined(requests);
    return answer(requests, drive(connection, savepoint(work)));
  } catch (error) {
    assertInTransaction(error);
    // One of them may be the reason; each on its own, it fails alone.
    if (requests.length > 1) return requests.flatMap((request) => runGroup([request]));
    return requests.map(({ id }) => toFailure(id, toStoreError(error)));
  }
}

/** Whatever ran outside would be a transaction of its own, and commit while its caller is told that it failed. */
function assertInTransaction(error: unknown): void {
  if (!connection.isInTransaction()) throw new UndoneError(error);
}

function answer(requests: readonly Request[], values: readonly unknown[]): readonly Answer[] {
  return requests.map((request, index) => ({ id: request.id, value: packValue(request, values[index]) }));
}

function rollback(): void {
  try {
    connection.exec("ROLLBACK");
  } catch {
    // SQLite has rolled back by itself already, as it does when the disk is full.
  }
}

port.on("message", (first: Requests | "close") => {
  const requests: Request[] = [];
  let closing = false;
  for (let message: unknown = first; message !== undefined; message = receiveMessageOnPort(port)?.message) {
    if (message === "close") closing = true;
    else for (const request of message as Requests) requests.push(unpackRequest(request));
  }
  if (requests.length > 0) runBatch(requests);
  if (closing) {
    connection.close();
    port.close();
  }
});

port.postMessage("ready");
