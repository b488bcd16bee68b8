-- What the instances that started on a day (UTC) and their scores add up to, by use case, version and KPI; the row with a
-- blank KPI is of all instances. Rows are counted anew and never added to. They hold while `outcome_day` says that the day
-- is counted: the first change of an instance or a score of the day takes that away. `token` names the count that is on
-- its way. Squares and products are in USD.
CREATE TABLE outcome_day (
  application TEXT NOT NULL,
  day INTEGER NOT NULL,
  counted INTEGER NOT NULL,
  token TEXT NOT NULL,
  PRIMARY KEY (application, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_outcome_day (
  application TEXT NOT NULL,
  day INTEGER NOT NULL,
  use_case TEXT NOT NULL,
  version INTEGER NOT NULL,
  kpi TEXT NOT NULL,
  n INTEGER NOT NULL,
  successes INTEGER NOT NULL,
  priced INTEGER NOT NULL,
  cost_hi INTEGER NOT NULL,
  cost_lo INTEGER NOT NULL,
  score_sum REAL NOT NULL,
  score_squares REAL NOT NULL,
  cost_squares REAL NOT NULL,
  score_costs REAL NOT NULL,
  PRIMARY KEY (application, day, use_case, version, kpi)
) STRICT, WITHOUT ROWID;
