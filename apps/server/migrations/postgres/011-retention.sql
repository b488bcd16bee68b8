-- From when on an application's events are all there: what was before may have been removed, its totals stay.
CREATE TABLE retention (
  application TEXT COLLATE "C" PRIMARY KEY REFERENCES application (id),
  events_from_ms BIGINT NOT NULL,
  swept_ms BIGINT NOT NULL
);
