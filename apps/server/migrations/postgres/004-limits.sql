-- What our limits have beyond Pay-i's: policy is JSON, `raised` is null or a raise with its end, `reset_ms` the latest
-- reset, `opened_ms` the latest window that a call was held in: a clock that is set back opens no second budget.
ALTER TABLE limit_def ADD COLUMN policy TEXT COLLATE "C" NOT NULL DEFAULT '{}';
ALTER TABLE limit_def ADD COLUMN selective BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limit_def ADD COLUMN raised TEXT COLLATE "C";
ALTER TABLE limit_def ADD COLUMN raised_until_ms BIGINT;
ALTER TABLE limit_def ADD COLUMN reset_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limit_def ADD COLUMN opened_ms BIGINT NOT NULL DEFAULT 0;
CREATE INDEX limit_def_selective ON limit_def (application) WHERE selective = 1;
CREATE INDEX limit_def_raised ON limit_def (application, raised_until_ms) WHERE raised IS NOT NULL;

-- A window starts with its period or with a reset, whichever is later; of a rolling period each slice is one. `draining`
-- is until when (ms) no slice of it grows.
ALTER TABLE limit_window ADD COLUMN held_hi BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN held_lo BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN topped_hi BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN topped_lo BIGINT NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN draining BIGINT NOT NULL DEFAULT 0;

CREATE TABLE limit_reset (
  application TEXT COLLATE "C" NOT NULL,
  limit_id TEXT COLLATE "C" NOT NULL,
  reset_ms BIGINT NOT NULL,
  PRIMARY KEY (application, limit_id, reset_ms),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
);
INSERT INTO limit_reset (application, limit_id, reset_ms)
  SELECT application, limit_id, window_start FROM limit_window WHERE window_start > 0;
UPDATE limit_def SET reset_ms = (SELECT coalesce(max(limit_reset.reset_ms), 0) FROM limit_reset
  WHERE limit_reset.application = limit_def.application AND limit_reset.limit_id = limit_def.id);

-- A hold that was granted once is kept for ever: an event that names it is never refused. `request` is the hash of what
-- was asked, `answer` what was said.
CREATE TABLE hold (
  application TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('call', 'lease')),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'ended', 'settled')),
  request TEXT COLLATE "C" NOT NULL,
  answer TEXT COLLATE "C" NOT NULL,
  expires_ms BIGINT NOT NULL,
  PRIMARY KEY (application, id)
);
CREATE INDEX hold_open ON hold (application, expires_ms) WHERE state = 'open';

-- Lines of open holds. Amounts are pico-dollars as text; granted - returned - settled is held in the window.
CREATE TABLE hold_line (
  application TEXT COLLATE "C" NOT NULL,
  hold_id TEXT COLLATE "C" NOT NULL,
  limit_id TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  window_start BIGINT NOT NULL,
  granted TEXT COLLATE "C" NOT NULL,
  returned TEXT COLLATE "C" NOT NULL,
  settled TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (application, hold_id, limit_id, value),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
);
CREATE INDEX hold_line_by_limit ON hold_line (application, limit_id, value);

-- What was told of a window, so that it is told once.
CREATE TABLE limit_notice (
  application TEXT COLLATE "C" NOT NULL,
  limit_id TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  window_start BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (application, limit_id, value, window_start, kind),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
);

-- Rises with every change of what GET /guard tells.
CREATE TABLE limit_version (
  application TEXT COLLATE "C" PRIMARY KEY REFERENCES application (id),
  version BIGINT NOT NULL
);

-- Top-ups and raises: who, when, how much.
CREATE TABLE limit_change (
  application TEXT COLLATE "C" NOT NULL,
  limit_id TEXT COLLATE "C" NOT NULL,
  time_ms BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
);
CREATE INDEX limit_change_by_limit ON limit_change (application, limit_id, time_ms);
