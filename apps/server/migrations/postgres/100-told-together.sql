-- Requests that were recorded together are told in one row: `payload` has their ids, `event_id` is null, `n` is how many.
ALTER TABLE outbox ADD COLUMN n BIGINT NOT NULL DEFAULT 1;
