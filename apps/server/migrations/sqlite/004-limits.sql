-- What our limits have beyond Pay-i's: policy is JSON, `raised` is null or a raise with its end, `reset_ms` the latest
-- reset, `opened_ms` the latest window that a call was held in: a clock that is set back opens no second budget.
ALTER TABLE limit_def ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';
ALTER TABLE limit_def ADD COLUMN selective INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limit_def ADD COLUMN raised TEXT;
ALTER TABLE limit_def ADD COLUMN raised_until_ms INTEGER;
ALTER TABLE limit_def ADD COLUMN reset_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limit_def ADD COLUMN opened_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX limit_def_selective ON limit_def (application) WHERE selective = 1;
CREATE INDEX limit_def_raised ON limit_def (application, raised_until_ms) WHERE raised IS NOT NULL;

-- A window starts with its period or with a reset, whichever is later; of a rolling period each slice is one. `draining`
-- is until when (ms) no slice of it grows.
ALTER TABLE limit_window ADD COLUMN held_hi INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN held_lo INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN topped_hi INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN topped_lo INTEGER NOT NULL DEFAULT 0;
ALTER TABLE limit_window ADD COLUMN draining INTEGER NOT NULL DEFAULT 0;

CREATE TABLE limit_reset (
  application TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  reset_ms INTEGER NOT NULL,
  PRIMARY KEY (application, limit_id, reset_ms),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO limit_reset (application, limit_id, reset_ms)
  SELECT application, limit_id, window_start FROM limit_window WHERE window_start > 0;
UPDATE limit_def SET reset_ms = (SELECT coalesce(max(limit_reset.reset_ms), 0) FROM limit_reset
  WHERE limit_reset.application = limit_def.application AND limit_reset.limit_id = limit_def.id);

-- A hold that was granted once is kept for ever: an event that names it is never refused. `request` is the hash of what
-- was asked, `answer` what was said.
CREATE TABLE hold (
  application TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('call', 'lease')),
  state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'settled')),
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  PRIMARY KEY (application, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_open ON hold (application, expires_ms) WHERE state = 'open';

-- Lines of open holds. Amounts are pico-dollars as text; granted - returned - settled is held in the window.
CREATE TABLE hold_line (
  application TEXT NOT NULL,
  hold_id TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  value TEXT NOT NULL,
  window_start INTEGER NOT NULL,
  granted TEXT NOT NULL,
  returned TEXT NOT NULL,
  settled TEXT NOT NULL,
  PRIMARY KEY (application, hold_id, limit_id, value),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_line_by_limit ON hold_line (application, limit_id, value);

-- What was told of a window, so that it is told once.
CREATE TABLE limit_notice (
  application TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  value TEXT NOT NULL,
  window_start INTEGER NOT NULL,
  kind TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (application, limit_id, value, window_start, kind),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Rises with every change of what GET /guard tells.
CREATE TABLE limit_version (
  application TEXT PRIMARY KEY REFERENCES application (id),
  version INTEGER NOT NULL
) STRICT;

-- Top-ups and raises: who, when, how much.
CREATE TABLE limit_change (
  application TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  time_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL,
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX limit_change_by_limit ON limit_change (application, limit_id, time_ms);
