/** A platform that is silent must not keep alive what has nothing else to do. */

/** What requests of ours keep a process alive by. */
const OURS = new Set(["TCPSocketWrap", "TCPConnectWrap", "TLSWrap", "GetAddrInfoReqWrap"]);
/** Open ends of standard input and output, whether anybody uses them or not. */
const STANDARD = new Set(["PipeWrap", "TTYWrap", "ProcessWrap"]);
/** How long a background request may be silent before it is asked whether anything else goes on. */
export const SILENT_MS = 1_000;
/** How often that is asked from then on. */
const ASK_MS = 100;

/** Background requests under way, each with one connection at most. */
let underWay = 0;
let gaveUp = false;

/** True from the moment at which a background request was given up for its silence until one is answered. */
export function platformIsSilent(): boolean {
  return gaveUp;
}

/**
 * Calls `giveUp`, perhaps repeatedly, when background requests such as this one seem to be all that keeps the process
 * alive. Answers with what ends the watch; to be called once, with whether the request was answered.
 */
export function watchSilence(giveUp: () => void): (answered: boolean) => void {
  underWay += 1;
  const askFromMs = performance.now() + SILENT_MS;
  const timer = setInterval(() => {
    if (performance.now() < askFromMs || !isIdleBut(underWay)) return;
    gaveUp = true;
    giveUp();
  }, ASK_MS).unref();
  return (answered) => {
    underWay -= 1;
    if (answered) gaveUp = false;
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
