-- Money is in pico-dollars (1e-12 USD). Columns that accumulate are pairs: amount = hi * 1000000000 + lo, so that
-- no sum can overflow. Times are milliseconds UTC, `hour` and `day` whole hours and days since 1970-01-01 UTC.

CREATE TABLE application (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  keep_text INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL
) STRICT;

INSERT INTO application (id, name, created_ms) VALUES ('default', 'default', unixepoch() * 1000);

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  last_used_ms INTEGER,
  revoked_ms INTEGER
) STRICT;

CREATE TABLE use_case (
  application TEXT NOT NULL REFERENCES application (id),
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  logging_enabled INTEGER,
  limit_config TEXT,
  properties TEXT NOT NULL DEFAULT '{}',
  automatic INTEGER NOT NULL DEFAULT 0,
  seeded INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (application, name)
) STRICT;

CREATE TABLE instance (
  application TEXT NOT NULL,
  use_case TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  user TEXT,
  user_ms INTEGER,
  account TEXT,
  account_ms INTEGER,
  properties TEXT NOT NULL DEFAULT '{}',
  limit_id TEXT,
  default_user TEXT,
  default_account TEXT,
  default_limit_ids TEXT NOT NULL DEFAULT '[]',
  seeded INTEGER NOT NULL DEFAULT 0,
  -- 1 once an event has been seen: what was made by hand or by a score has its times from then on.
  seen INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  last_seen_ms INTEGER NOT NULL,
  n INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  blocked INTEGER NOT NULL DEFAULT 0,
  unpriced INTEGER NOT NULL DEFAULT 0,
  tokens_input INTEGER NOT NULL DEFAULT 0,
  tokens_output INTEGER NOT NULL DEFAULT 0,
  cost_hi INTEGER NOT NULL DEFAULT 0,
  cost_lo INTEGER NOT NULL DEFAULT 0,
  cost_input_hi INTEGER NOT NULL DEFAULT 0,
  cost_input_lo INTEGER NOT NULL DEFAULT 0,
  latency_sum INTEGER NOT NULL DEFAULT 0,
  latency_n INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (application, use_case, id),
  FOREIGN KEY (application, use_case) REFERENCES use_case (application, name) ON DELETE CASCADE
) STRICT;
CREATE INDEX instance_by_id ON instance (application, id);
CREATE INDEX instance_by_start ON instance (application, started_ms, use_case, id);

CREATE TABLE kpi_def (
  application TEXT NOT NULL,
  use_case TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  kpi_type TEXT NOT NULL,
  goal REAL NOT NULL,
  seeded INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER,
  PRIMARY KEY (application, use_case, name),
  FOREIGN KEY (application, use_case) REFERENCES use_case (application, name) ON DELETE CASCADE
) STRICT;

CREATE TABLE kpi_score (
  application TEXT NOT NULL,
  use_case TEXT NOT NULL,
  kpi TEXT NOT NULL,
  instance TEXT NOT NULL,
  score REAL NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (application, use_case, instance, kpi),
  FOREIGN KEY (application, use_case, instance) REFERENCES instance (application, use_case, id) ON DELETE CASCADE,
  FOREIGN KEY (application, use_case, kpi) REFERENCES kpi_def (application, use_case, name) ON DELETE CASCADE
) STRICT;
CREATE INDEX kpi_score_by_kpi ON kpi_score (application, use_case, kpi);

CREATE TABLE event (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  time_ms INTEGER NOT NULL,
  received_ms INTEGER NOT NULL,
  category TEXT NOT NULL,
  resource TEXT,
  scope TEXT,
  use_case TEXT,
  version INTEGER,
  instance TEXT,
  step TEXT,
  user TEXT,
  account TEXT,
  http_status INTEGER,
  outcome TEXT,
  usage_source TEXT,
  attempt INTEGER,
  call_id TEXT,
  parent_instance TEXT,
  refused_by TEXT,
  failure TEXT,
  failure_description TEXT,
  error INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  seeded INTEGER NOT NULL,
  latency_ms INTEGER,
  first_token_ms INTEGER,
  first_completion_token_ms INTEGER,
  units TEXT NOT NULL,
  tokens_input INTEGER NOT NULL,
  tokens_output INTEGER NOT NULL,
  service_tier TEXT,
  speed TEXT,
  inference_geo TEXT,
  data_residency TEXT,
  pricing_status TEXT NOT NULL,
  cost_input INTEGER,
  cost_output INTEGER,
  cost_total INTEGER,
  overrun INTEGER,
  cost_lines TEXT NOT NULL,
  unknown_units TEXT NOT NULL,
  resource_id TEXT,
  book TEXT NOT NULL,
  provider_response_id TEXT,
  provider_uri TEXT,
  function_calls TEXT NOT NULL,
  request_tags TEXT NOT NULL,
  properties TEXT NOT NULL,
  use_case_properties TEXT NOT NULL,
  limits TEXT NOT NULL,
  warnings TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_time ON event (application, time_ms, id);
CREATE INDEX event_by_use_case ON event (application, use_case, time_ms, id);
CREATE INDEX event_by_instance ON event (application, use_case, instance, time_ms, id) WHERE instance IS NOT NULL;
CREATE INDEX event_seeded ON event (application, id) WHERE seeded = 1;

-- Survives retention of events: a late retry stays a duplicate for ever.
CREATE TABLE event_key (
  application TEXT NOT NULL,
  category TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (application, category, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_text (
  event_id TEXT PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
  application TEXT NOT NULL,
  request TEXT,
  reasoning TEXT,
  response TEXT
) STRICT;

CREATE TABLE cost_revision (
  event_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  application TEXT NOT NULL,
  delta_input INTEGER NOT NULL,
  delta_output INTEGER NOT NULL,
  delta_total INTEGER NOT NULL,
  book TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (event_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollup_hour (
  application TEXT NOT NULL,
  hour INTEGER NOT NULL,
  use_case TEXT NOT NULL,
  category TEXT NOT NULL,
  resource TEXT NOT NULL,
  n INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  tokens_input INTEGER NOT NULL,
  tokens_output INTEGER NOT NULL,
  cost_hi INTEGER NOT NULL,
  cost_lo INTEGER NOT NULL,
  cost_input_hi INTEGER NOT NULL,
  cost_input_lo INTEGER NOT NULL,
  latency_sum INTEGER NOT NULL,
  latency_n INTEGER NOT NULL,
  PRIMARY KEY (application, hour, use_case, category, resource)
) STRICT, WITHOUT ROWID;

-- One dimension at a time; a cube over several would grow as fast as the events.
CREATE TABLE rollup_dim_day (
  application TEXT NOT NULL,
  dimension TEXT NOT NULL,
  day INTEGER NOT NULL,
  key TEXT NOT NULL,
  n INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  blocked INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  tokens_input INTEGER NOT NULL,
  tokens_output INTEGER NOT NULL,
  cost_hi INTEGER NOT NULL,
  cost_lo INTEGER NOT NULL,
  cost_input_hi INTEGER NOT NULL,
  cost_input_lo INTEGER NOT NULL,
  latency_sum INTEGER NOT NULL,
  latency_n INTEGER NOT NULL,
  PRIMARY KEY (application, dimension, day, key)
) STRICT, WITHOUT ROWID;

-- Logarithmic bins of ratio 1.1, see latency-bin.ts.
CREATE TABLE latency_hist_hour (
  application TEXT NOT NULL,
  hour INTEGER NOT NULL,
  use_case TEXT NOT NULL,
  category TEXT NOT NULL,
  resource TEXT NOT NULL,
  bin INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (application, hour, use_case, category, resource, bin)
) STRICT, WITHOUT ROWID;

CREATE TABLE limit_def (
  application TEXT NOT NULL REFERENCES application (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  max TEXT NOT NULL,
  threshold REAL,
  limit_type TEXT NOT NULL CHECK (limit_type IN ('allow', 'block')),
  properties TEXT NOT NULL DEFAULT '{}',
  automatic INTEGER NOT NULL DEFAULT 0,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (application, id)
) STRICT;
CREATE INDEX limit_def_by_name ON limit_def (application, name);
CREATE INDEX limit_def_by_creation ON limit_def (application, created_ms, id);

-- An event belongs to the latest window that starts at or before its time; the first window starts at 0, a reset
-- opens the next one. `value` is the budget's owner where a limit has one budget per value, else empty.
CREATE TABLE limit_window (
  application TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  value TEXT NOT NULL DEFAULT '',
  window_start INTEGER NOT NULL,
  used_hi INTEGER NOT NULL DEFAULT 0,
  used_lo INTEGER NOT NULL DEFAULT 0,
  used_input_hi INTEGER NOT NULL DEFAULT 0,
  used_input_lo INTEGER NOT NULL DEFAULT 0,
  ok INTEGER NOT NULL DEFAULT 0,
  exceeded INTEGER NOT NULL DEFAULT 0,
  overrun INTEGER NOT NULL DEFAULT 0,
  blocked INTEGER NOT NULL DEFAULT 0,
  blocked_external INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (application, limit_id, value, window_start),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE limit_entry (
  application TEXT NOT NULL,
  limit_id TEXT NOT NULL,
  value TEXT NOT NULL DEFAULT '',
  event_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  window_start INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  state TEXT NOT NULL,
  count INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  amount_input INTEGER NOT NULL,
  PRIMARY KEY (application, limit_id, event_id, revision),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_entry_by_event ON limit_entry (event_id);

-- What others are told of: the live stream, alerts, copies. Made-up history is told to nobody.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  application TEXT NOT NULL,
  kind TEXT NOT NULL,
  event_id TEXT,
  payload TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE idempotency (
  application TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (application, key)
) STRICT, WITHOUT ROWID;
