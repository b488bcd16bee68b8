-- Requests that were recorded together are told in one row: `payload` has their ids, `event_id` is null, `n` is how many.
ALTER TABLE outbox ADD COLUMN n INTEGER NOT NULL DEFAULT 1;
-- A server of the version before, on the same database, would pass over such rows: its copier fails by the name instead.
ALTER TABLE copy_position RENAME COLUMN claimed_seq TO claimed_to_seq;
