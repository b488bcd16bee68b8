-- The id broke ties in these, and was the larger part of each: events of the same millisecond are few, so they are sorted
-- when they are asked for.
DROP INDEX event_by_time;
DROP INDEX event_by_use_case;
DROP INDEX event_by_instance;
CREATE INDEX event_by_time ON event (application, time_ms);
CREATE INDEX event_by_use_case ON event (application, use_case, time_ms);
CREATE INDEX event_by_instance ON event (application, instance, use_case, time_ms) WHERE instance IS NOT NULL;
