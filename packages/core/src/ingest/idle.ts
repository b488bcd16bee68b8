/** What may keep a process alive that does nothing any more but wait for the platform. */
const OURS = new Set(["TCPSocketWrap", "TCPConnectWrap", "TLSWrap", "GetAddrInfoReqWrap"]);
/** Open ends of standard input and output, whether anybody uses them or not. */
const STANDARD = new Set(["PipeWrap", "TTYWrap", "ProcessWrap"]);

/**
 * True when a request of ours seems to be all that keeps the process alive. A guess: where something else has one
 * connection only and nothing to do, it is right as well, and whoever asks does no harm by giving the request up.
 */
export function isIdleButForUs(): boolean {
  const active = (globalThis.process as NodeJS.Process | undefined)?.getActiveResourcesInfo?.();
  if (active === undefined) return false;
  const holding = active.filter((name) => !STANDARD.has(name));
  const sockets = holding.filter((name) => name === "TCPSocketWrap" || name === "TCPConnectWrap").length;
  return sockets <= 1 && holding.every((name) => OURS.has(name));
}
