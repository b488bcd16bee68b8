-- Arguments of function calls are the model's words, so they stand with the texts, under the same two switches and the
-- same retention. Events keep the names.
ALTER TABLE event_text ADD COLUMN function_calls TEXT;

INSERT INTO event_text (event_id, application, function_calls)
  SELECT id, application, function_calls FROM event WHERE function_calls LIKE '%"arguments"%'
  ON CONFLICT (event_id) DO UPDATE SET function_calls = excluded.function_calls;
DELETE FROM event_text WHERE EXISTS (SELECT 1 FROM event
  JOIN use_case ON use_case.application = event.application AND use_case.name = event.use_case
  WHERE event.id = event_text.event_id AND use_case.logging_enabled = 0);
UPDATE event SET function_calls =
    (SELECT json_group_array(json_object('name', value ->> 'name')) FROM json_each(event.function_calls))
  WHERE function_calls LIKE '%"arguments"%';
