-- What a write under an idempotency key came to, in the transaction of the write itself: should its answer be lost in a
-- crash, a repeat goes on from here. `result` is the serialised result.
CREATE TABLE write_once (
  application TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  step TEXT COLLATE "C" NOT NULL,
  request_hash BYTEA NOT NULL,
  result BYTEA NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (application, key, step)
);
