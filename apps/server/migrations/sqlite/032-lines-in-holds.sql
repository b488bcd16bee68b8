-- A hold and its lines are one row, in the order of arrival: keys are random, and a table that is sorted by them is written
-- to anew on every page. `lines` is empty once the hold has ended: [[limit, value, window, granted, returned, settled], …],
-- amounts as text, the last two left out where both are 0.
CREATE TABLE hold_in_order (
  application TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('call', 'lease')),
  state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'settled')),
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  lines TEXT NOT NULL DEFAULT '[]',
  PRIMARY KEY (application, id)
) STRICT;
INSERT INTO hold_in_order (application, id, kind, state, request, answer, expires_ms, lines)
  SELECT application, id, kind, state, request, answer, expires_ms, coalesce((
    SELECT json_group_array(json_array(limit_id, value, window_start, granted, returned, settled)) FROM hold_line
    WHERE hold_line.application = hold.application AND hold_line.hold_id = hold.id), '[]')
  FROM hold ORDER BY expires_ms;

-- Open leases with a line in the window.
ALTER TABLE limit_window ADD COLUMN leases INTEGER NOT NULL DEFAULT 0;
UPDATE limit_window SET leases = (
  SELECT count(*) FROM hold_line JOIN hold ON hold.application = hold_line.application AND hold.id = hold_line.hold_id
  WHERE hold.kind = 'lease' AND hold.state = 'open' AND hold_line.application = limit_window.application
    AND hold_line.limit_id = limit_window.limit_id AND hold_line.value = limit_window.value
    AND hold_line.window_start = limit_window.window_start);

DROP TABLE hold_line;
DROP TABLE hold;
ALTER TABLE hold_in_order RENAME TO hold;
CREATE INDEX hold_open ON hold (application, expires_ms) WHERE state = 'open';
