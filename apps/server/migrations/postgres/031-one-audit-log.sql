-- Top-ups and raises of limits stand in the audit log like every other change.
INSERT INTO audit (application, time_ms, actor, action, subject, old_value, new_value)
  SELECT application, time_ms, actor, CASE action WHEN 'raise' THEN 'limit.raised' ELSE 'limit.topped_up' END, limit_id,
    NULL, detail FROM limit_change ORDER BY time_ms;
DROP TABLE limit_change;
