-- Calls that a step of a ladder was taken for are few among many, and their report goes by time.
CREATE INDEX event_on_ladder ON event (application, time_ms) WHERE properties LIKE '%"system.ladder_steps"%';
