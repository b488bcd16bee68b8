-- What a batch of events was charged to limits: one row for each limit in limit_batch, and the events once for all of them
-- in entry_list, as [[event, time, amount, amount of input], …]. `n` events, whose ids are from first_id to last_id,
-- their times from first_ms to last_ms, the sum of their amounts in two halves. Corrections, and what was charged by few at a time, stand in limit_entry.
CREATE TABLE entry_list (
  id TEXT PRIMARY KEY,
  entries TEXT NOT NULL
) STRICT;
CREATE TABLE limit_batch (
  application TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  first_id TEXT NOT NULL,
  last_id TEXT NOT NULL,
  value TEXT NOT NULL,
  window_start INTEGER NOT NULL,
  state TEXT NOT NULL,
  first_ms INTEGER NOT NULL,
  last_ms INTEGER NOT NULL,
  amount_hi INTEGER NOT NULL,
  amount_lo INTEGER NOT NULL,
  n INTEGER NOT NULL,
  list TEXT NOT NULL,
  PRIMARY KEY (application, limit_id, first_id),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_batch_by_list ON limit_batch (list);
-- A list goes with the last that has it.
CREATE TRIGGER limit_batch_deleted AFTER DELETE ON limit_batch
WHEN NOT EXISTS (SELECT 1 FROM limit_batch WHERE list = OLD.list)
BEGIN
  DELETE FROM entry_list WHERE id = OLD.list;
END;
