/** A platform that is silent must not keep alive what has nothing else to do. */

/** What requests of ours keep a process alive by. */
const OURS = new Set(["TCPSocketWrap", "TCPConnectWrap", "TLSWrap", "GetAddrInfoReqWrap"]);
/** Open ends of standard input and output, whether anybody uses them or not. */
const STANDARD = new Set(["PipeWrap", "TTYWrap", "ProcessWrap"]);
/** How long a background request may be silent before it is asked whether anything else goes on. */
const SILENT_MS = 1_000;

/** Background requests under way, each with one connection at most. */
let underWay = 0;

/**
 * Calls `giveUp`, perhaps repeatedly, when background requests such as this one seem to be all that keeps the process
 * alive. Answers with what ends the watch; to be called once.
 */
export function watchSilence(giveUp: () => void): () => void {
  underWay += 1;
  const timer = setInterval(() => {
    if (isIdleBut(underWay)) giveUp();
  }, SILENT_MS).unref();
  return () => {
    underWay -= 1;
    clearInterval(timer);
  };
}

/**
 * A guess: where the application has no more connections than we have requests and nothing else to do, it is true as
 * well, and whoever asks does no harm by giving a request up.
 */
function isIdleBut(connections: number): boolean {
  const active = (globalThis.process as NodeJS.Process | undefined)?.getActiveResourcesInfo?.();
  if (active === undefined) return false;
  const holding = active.filter((name) => !STANDARD.has(name));
  const sockets = holding.filter((name) => name === "TCPSocketWrap" || name === "TCPConnectWrap").length;
  return sockets <= connections && holding.every((name) => OURS.has(name));
}
