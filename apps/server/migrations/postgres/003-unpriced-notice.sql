-- One row for each unit of a resource that had no price on a day (UTC): whoever is told of it is told once a day.
CREATE TABLE unpriced_notice (
  application TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (application, category, resource, unit, day)
);

-- What a contract charges for a Databricks unit in place of the list price, from an instant on. Exact decimal text.
CREATE TABLE dbu_price (
  id TEXT COLLATE "C" PRIMARY KEY,
  category TEXT COLLATE "C" NOT NULL,
  start_ms BIGINT NOT NULL,
  usd TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL
);
