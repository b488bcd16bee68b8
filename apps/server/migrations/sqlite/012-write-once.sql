-- What a write under an idempotency key came to, in the transaction of the write itself: should its answer be lost in a
-- crash, a repeat goes on from here. `result` is the serialised result.
CREATE TABLE write_once (
  application TEXT NOT NULL,
  key TEXT NOT NULL,
  step TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  result BLOB NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (application, key, step)
) STRICT;
