-- The stream, the copy and their positions are asked for by application: without this they read through what others
-- recorded since.
CREATE INDEX outbox_by_application ON outbox (application, seq);
