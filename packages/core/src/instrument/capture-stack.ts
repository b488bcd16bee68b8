/** Frames of the runtime and of installed packages say nothing about the application. */
const FOREIGN =
  /(?:\(|at |file:\/\/)(?:node:|async node:)|[\\/]node_modules[\\/]|[\\/]@payi[\\/]|packages[\\/]core[\\/]src[\\/]/;
const MAX_FRAMES = 20;

/** Where in the application we are, innermost first: a JSON array of texts; undefined when nothing of it is visible. */
export function captureStack(): string | undefined {
  const { stackTraceLimit } = Error;
  // SDKs put a dozen frames of their own between the application and its transport.
  Error.stackTraceLimit = 64;
  const { stack } = new Error("trace");
  Error.stackTraceLimit = stackTraceLimit;
  const frames = (stack ?? "")
    .split("\n")
    .slice(1)
    .filter((line) => !FOREIGN.test(line))
    .map((line) => line.trim().replace(/^at /, ""))
    .slice(0, MAX_FRAMES);
  return frames.length === 0 ? undefined : JSON.stringify(frames);
}
