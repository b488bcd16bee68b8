/** The store cannot answer now: it is closed, full, locked, or took too long. Trying again may help. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
