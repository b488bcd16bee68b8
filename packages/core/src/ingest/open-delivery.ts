/** Configuration → where events go: a platform, with or without a disk behind the queue, or a file. */
import { type PayiClient } from "../client/client.ts";
import { ConfigurationError } from "../errors.ts";
import { type ThrottledLog } from "../logger.ts";
import { DeadLetters } from "./dead-letter.ts";
import { type DeliveryOptions } from "./delivery-options.ts";
import { type Delivery } from "./delivery.ts";
import { nodeModules } from "./node-modules.ts";
import { OfflineFile } from "./offline.ts";
import { IngestQueue, type QueueOptions } from "./queue.ts";
import { AmbientWait } from "./serverless.ts";
import { spoolFolder } from "./spool-folder.ts";

const MAX_QUEUE_BYTES = 16 << 20;
/** After which an attempt counts as failed; also what a dead platform can delay the end of an idle process by. */
const ATTEMPT_MS = 10_000;

/** @throws {ConfigurationError} when the options ask for a disk where there is none, or name a file of another kind. */
export function openDelivery(
  options: DeliveryOptions,
  client: PayiClient,
  log: ThrottledLog,
  onResult: QueueOptions["onResult"],
): Delivery {
  const node = nodeModules();
  if (options.offline !== undefined) {
    if (node !== undefined) return new OfflineFile(node, options.offline.fileName, log);
    throw new ConfigurationError(
      "config.offlineInstrumentation",
      "config.offlineInstrumentation needs a file system, and this runtime has none. Leave it out.",
    );
  }
  const wait = new AmbientWait((flush) => queue.flush(flush));
  const queue = new IngestQueue({
    maxItems: options.maxItems,
    lingerMs: options.lingerMs,
    firstDelayMs: options.firstDelayMs,
    quickRetries: options.quickRetries,
    keepsUndelivered: options.keepsUndelivered,
    client: (stop) => client.forDelivery(stop, ATTEMPT_MS),
    log,
    maxBytes: MAX_QUEUE_BYTES,
    onResult,
    onQueued: () => wait.note(),
    ...openSpool(options, client, log, node),
  });
  return queue;
}

function openSpool(
  { spool }: DeliveryOptions,
  client: PayiClient,
  log: ThrottledLog,
  node: ReturnType<typeof nodeModules>,
): Pick<QueueOptions, "spool" | "deadLetters"> {
  if (spool.mode === "memory" || node === undefined) return {};
  const destination = client.destination((text) =>
    node.crypto.createHash("sha256").update(text).digest("hex").slice(0, 16),
  );
  const folder = spoolFolder(node, spool, destination);
  return { spool: { node, options: spool, folder }, deadLetters: new DeadLetters(node, folder, log) };
}
