-- How far an application's events were copied elsewhere. `claimed_seq` is the end of the range that is on its way: a
-- range that broke off is sent again as it was, so that its token tells the repeat.
CREATE TABLE copy_position (
  application TEXT PRIMARY KEY REFERENCES application (id),
  seq INTEGER NOT NULL,
  claimed_seq INTEGER NOT NULL
) STRICT;

-- What an event was before a correction, while its application is copied.
CREATE INDEX outbox_replaced ON outbox (event_id, seq) WHERE kind = 'replaced';
