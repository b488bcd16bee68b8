-- One row for each unit of a resource that had no price on a day (UTC): whoever is told of it is told once a day.
CREATE TABLE unpriced_notice (
  application TEXT NOT NULL,
  category TEXT NOT NULL,
  resource TEXT NOT NULL,
  unit TEXT NOT NULL,
  day TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (application, category, resource, unit, day)
) STRICT, WITHOUT ROWID;

-- What a contract charges for a Databricks unit in place of the list price, from an instant on. Exact decimal text.
CREATE TABLE dbu_price (
  id TEXT PRIMARY KEY,
  category TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  usd TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
