-- What a batch of events was charged to limits: one row for each limit in limit_batch, and the events once for all of them
-- in entry_list, as [[event, time, amount, amount of input], …]. `n` events, whose ids are from first_id to last_id,
-- their times from first_ms to last_ms, the sum of their amounts in two halves. Corrections, and what was charged by few at a time, stand in limit_entry.
CREATE TABLE entry_list (
  id TEXT COLLATE "C" PRIMARY KEY,
  entries TEXT COLLATE "C" NOT NULL
);
CREATE TABLE limit_batch (
  application TEXT COLLATE "C" NOT NULL,
  limit_id TEXT COLLATE "C" NOT NULL,
  first_id TEXT COLLATE "C" NOT NULL,
  last_id TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  window_start BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  first_ms BIGINT NOT NULL,
  last_ms BIGINT NOT NULL,
  amount_hi BIGINT NOT NULL,
  amount_lo BIGINT NOT NULL,
  n BIGINT NOT NULL,
  list TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (application, limit_id, first_id),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
);
CREATE INDEX limit_batch_by_list ON limit_batch (list);
-- A list goes with the last that has it.
CREATE FUNCTION delete_entry_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM entry_list WHERE id = OLD.list AND NOT EXISTS (SELECT 1 FROM limit_batch WHERE list = OLD.list);
  RETURN NULL;
END $$;
CREATE TRIGGER limit_batch_deleted AFTER DELETE ON limit_batch FOR EACH ROW EXECUTE FUNCTION delete_entry_list();
