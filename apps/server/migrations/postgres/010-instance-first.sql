-- The past of an instance that comes back is looked for by its id alone: with the use case before it, an engine without
-- statistics may take the index of the use case instead, and read all of it.
DROP INDEX event_by_instance;
CREATE INDEX event_by_instance ON event (application, instance, use_case, time_ms, id) WHERE instance IS NOT NULL;
