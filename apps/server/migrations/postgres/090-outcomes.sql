-- What the instances that started on a day (UTC) and their scores add up to, by use case, version and KPI; the row with a
-- blank KPI is of all instances. Rows are counted anew and never added to. They hold while `outcome_day` says that the day
-- is counted: the first change of an instance or a score of the day takes that away. `token` names the count that is on
-- its way. Squares and products are in USD.
CREATE TABLE outcome_day (
  application TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  counted BIGINT NOT NULL,
  token TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (application, day)
);
CREATE TABLE rollup_outcome_day (
  application TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  use_case TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  kpi TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  successes BIGINT NOT NULL,
  priced BIGINT NOT NULL,
  cost_hi BIGINT NOT NULL,
  cost_lo BIGINT NOT NULL,
  score_sum DOUBLE PRECISION NOT NULL,
  score_squares DOUBLE PRECISION NOT NULL,
  cost_squares DOUBLE PRECISION NOT NULL,
  score_costs DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (application, day, use_case, version, kpi)
);
