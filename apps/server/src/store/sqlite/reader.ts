/** A reader, in a thread of its own with a read-only connection: a long query delays neither commits nor answers. */
import { parentPort, workerData } from "node:worker_threads";

import { type Program } from "../sql/program.ts";
import { READS } from "../sql/reads.ts";
import { type Answer, type Request, type Requests, toFailure } from "../thread/message.ts";
import { Connection, type FileSettings } from "./connection.ts";
import { drive } from "./drive.ts";
import { toStoreError } from "./failure.ts";

if (parentPort === null) throw new Error("reader.ts runs in a worker thread only.");
const port = parentPort;
const connection = new Connection((workerData as FileSettings).file, { readOnly: true });

port.on("message", (requests: Requests | "close") => {
  if (requests === "close") {
    connection.close();
    port.close();
    return;
  }
  for (const request of requests) port.postMessage([run(request)]);
});

function run(request: Request): Answer {
  const program = READS[request.verb as keyof typeof READS] as (
    ...values: readonly unknown[]
  ) => Program<unknown>;
  // One transaction per verb: all its statements see the same state.
  connection.exec("BEGIN");
  try {
    return { id: request.id, value: drive(connection, program(...request.values)) };
  } catch (error) {
    return toFailure(request.id, toStoreError(error));
  } finally {
    connection.exec("COMMIT");
  }
}

port.postMessage("ready");
