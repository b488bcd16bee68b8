-- From when on an application's events are all there: what was before may have been removed, its totals stay.
CREATE TABLE retention (
  application TEXT PRIMARY KEY REFERENCES application (id),
  events_from_ms INTEGER NOT NULL,
  swept_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
