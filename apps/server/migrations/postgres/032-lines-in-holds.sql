-- A hold and its lines are one row. `lines` is empty once the hold has ended: [[limit, value, window, granted, returned,
-- settled], …], amounts as text, the last two left out where both are 0.
ALTER TABLE hold ADD COLUMN lines TEXT COLLATE "C" NOT NULL DEFAULT '[]';
UPDATE hold SET lines = (
  SELECT CAST(json_agg(json_build_array(limit_id, value, window_start, granted, returned, settled)) AS TEXT) FROM hold_line
  WHERE hold_line.application = hold.application AND hold_line.hold_id = hold.id)
WHERE EXISTS (SELECT 1 FROM hold_line WHERE hold_line.application = hold.application AND hold_line.hold_id = hold.id);

-- Open leases with a line in the window.
ALTER TABLE limit_window ADD COLUMN leases BIGINT NOT NULL DEFAULT 0;
UPDATE limit_window SET leases = (
  SELECT count(*) FROM hold_line JOIN hold ON hold.application = hold_line.application AND hold.id = hold_line.hold_id
  WHERE hold.kind = 'lease' AND hold.state = 'open' AND hold_line.application = limit_window.application
    AND hold_line.limit_id = limit_window.limit_id AND hold_line.value = limit_window.value
    AND hold_line.window_start = limit_window.window_start);

DROP TABLE hold_line;
