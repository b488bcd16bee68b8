/** Where diagnostics go: anything with these four methods, such as `console` or a pino logger. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Warnings and errors to the console, the rest nowhere. */
export const defaultLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message) => console.warn(`[payi] ${message}`),
  error: (message) => console.error(`[payi] ${message}`),
};

/** Everything to the console, for `config.debug`. */
export const debugLogger: Logger = {
  ...defaultLogger,
  debug: (message) => console.debug(`[payi] ${message}`),
  info: (message) => console.info(`[payi] ${message}`),
};

/** Says each kind of trouble once per window and counts the rest, so that an outage does not flood the log. */
export class ThrottledLog {
  readonly #logger: Logger;
  readonly #windowMs: number;
  readonly #said = new Map<string, { atMs: number; suppressed: number }>();

  /** Tells of single calls, and never throws; undefined unless debugging, so that nothing is put into words for nobody. */
  readonly debug: ((message: string) => void) | undefined;

  constructor(logger: Logger, windowMs: number, debug = false) {
    this.#logger = logger;
    this.#windowMs = windowMs;
    this.debug = debug ? (message) => say(() => logger.debug(message)) : undefined;
  }

  /** Never throws. */
  warn(kind: string, message: string): void {
    const now = performance.now();
    const last = this.#said.get(kind);
    if (last !== undefined && now - last.atMs < this.#windowMs) {
      last.suppressed += 1;
      return;
    }
    const more =
      last === undefined || last.suppressed === 0 ? "" : ` (${last.suppressed} more like it since)`;
    // Kinds are a short fixed list of the package's own words; the bound is for safety only.
    if (this.#said.size > 256) this.#said.clear();
    this.#said.set(kind, { atMs: now, suppressed: 0 });
    say(() => this.#logger.warn(message + more));
  }
}

/** The application's own logger: its trouble must not become the caller's. */
function say(log: () => void): void {
  try {
    log();
  } catch {
    // Nobody is left to tell.
  }
}
