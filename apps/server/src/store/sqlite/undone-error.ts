/** SQLite has undone the whole transaction by itself, as it does when it cannot write: nothing of it is kept. */
export class UndoneError extends Error {
  override readonly name = "UndoneError";
  /** SQLITE_IOERR: the reason itself may be hidden by the savepoint that is gone. */
  readonly errcode = 10;

  constructor(cause: unknown) {
    super(`The database cannot be written (${cause instanceof Error ? cause.message : String(cause)}).`, {
      cause,
    });
  }
}
