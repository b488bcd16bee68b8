-- Money is in pico-dollars (1e-12 USD). Columns that accumulate are pairs: amount = hi * 1000000000 + lo, so that
-- no sum can overflow. Times are milliseconds UTC, `hour` and `day` whole hours and days since 1970-01-01 UTC.

CREATE TABLE application (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  keep_text BIGINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL
);

INSERT INTO application (id, name, created_ms) VALUES ('default', 'default', floor(extract(epoch FROM now()) * 1000));

CREATE TABLE api_key (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  name TEXT COLLATE "C" NOT NULL,
  prefix TEXT COLLATE "C" NOT NULL,
  hash BYTEA NOT NULL UNIQUE,
  created_ms BIGINT NOT NULL,
  last_used_ms BIGINT,
  revoked_ms BIGINT
);

CREATE TABLE use_case (
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  name TEXT COLLATE "C" NOT NULL,
  description TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  logging_enabled BIGINT,
  limit_config TEXT COLLATE "C",
  properties TEXT COLLATE "C" NOT NULL DEFAULT '{}',
  automatic BIGINT NOT NULL DEFAULT 0,
  seeded BIGINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (application, name)
);

CREATE TABLE instance (
  application TEXT COLLATE "C" NOT NULL,
  use_case TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  "user" TEXT COLLATE "C",
  user_ms BIGINT,
  account TEXT COLLATE "C",
  account_ms BIGINT,
  properties TEXT COLLATE "C" NOT NULL DEFAULT '{}',
  limit_id TEXT COLLATE "C",
  default_user TEXT COLLATE "C",
  default_account TEXT COLLATE "C",
  default_limit_ids TEXT COLLATE "C" NOT NULL DEFAULT '[]',
  seeded BIGINT NOT NULL DEFAULT 0,
  -- 1 once an event has been seen: what was made by hand or by a score has its times from then on.
  seen BIGINT NOT NULL,
  started_ms BIGINT NOT NULL,
  last_seen_ms BIGINT NOT NULL,
  n BIGINT NOT NULL DEFAULT 0,
  errors BIGINT NOT NULL DEFAULT 0,
  blocked BIGINT NOT NULL DEFAULT 0,
  unpriced BIGINT NOT NULL DEFAULT 0,
  tokens_input BIGINT NOT NULL DEFAULT 0,
  tokens_output BIGINT NOT NULL DEFAULT 0,
  cost_hi BIGINT NOT NULL DEFAULT 0,
  cost_lo BIGINT NOT NULL DEFAULT 0,
  cost_input_hi BIGINT NOT NULL DEFAULT 0,
  cost_input_lo BIGINT NOT NULL DEFAULT 0,
  latency_sum BIGINT NOT NULL DEFAULT 0,
  latency_n BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (application, use_case, id),
  FOREIGN KEY (application, use_case) REFERENCES use_case (application, name) ON DELETE CASCADE
);
CREATE INDEX instance_by_id ON instance (application, id);
CREATE INDEX instance_by_start ON instance (application, started_ms, use_case, id);

CREATE TABLE kpi_def (
  application TEXT COLLATE "C" NOT NULL,
  use_case TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  description TEXT COLLATE "C" NOT NULL,
  kpi_type TEXT COLLATE "C" NOT NULL,
  goal DOUBLE PRECISION NOT NULL,
  seeded BIGINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT,
  PRIMARY KEY (application, use_case, name),
  FOREIGN KEY (application, use_case) REFERENCES use_case (application, name) ON DELETE CASCADE
);

CREATE TABLE kpi_score (
  application TEXT COLLATE "C" NOT NULL,
  use_case TEXT COLLATE "C" NOT NULL,
  kpi TEXT COLLATE "C" NOT NULL,
  instance TEXT COLLATE "C" NOT NULL,
  score DOUBLE PRECISION NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  PRIMARY KEY (application, use_case, instance, kpi),
  FOREIGN KEY (application, use_case, instance) REFERENCES instance (application, use_case, id) ON DELETE CASCADE,
  FOREIGN KEY (application, use_case, kpi) REFERENCES kpi_def (application, use_case, name) ON DELETE CASCADE
);
CREATE INDEX kpi_score_by_kpi ON kpi_score (application, use_case, kpi);

-- By month of receipt, which a UUIDv7 begins with: a read by id looks into one partition, and retention drops whole
-- ones. The months are made by the server; what is in none of them is in event_other.
CREATE TABLE event (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL,
  time_ms BIGINT NOT NULL,
  received_ms BIGINT NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C",
  scope TEXT COLLATE "C",
  use_case TEXT COLLATE "C",
  version BIGINT,
  instance TEXT COLLATE "C",
  step TEXT COLLATE "C",
  "user" TEXT COLLATE "C",
  account TEXT COLLATE "C",
  http_status BIGINT,
  outcome TEXT COLLATE "C",
  usage_source TEXT COLLATE "C",
  attempt BIGINT,
  call_id TEXT COLLATE "C",
  parent_instance TEXT COLLATE "C",
  refused_by TEXT COLLATE "C",
  failure TEXT COLLATE "C",
  failure_description TEXT COLLATE "C",
  error BIGINT NOT NULL,
  blocked BIGINT NOT NULL,
  seeded BIGINT NOT NULL,
  latency_ms BIGINT,
  first_token_ms BIGINT,
  first_completion_token_ms BIGINT,
  units TEXT COLLATE "C" NOT NULL,
  tokens_input BIGINT NOT NULL,
  tokens_output BIGINT NOT NULL,
  service_tier TEXT COLLATE "C",
  speed TEXT COLLATE "C",
  inference_geo TEXT COLLATE "C",
  data_residency TEXT COLLATE "C",
  pricing_status TEXT COLLATE "C" NOT NULL,
  cost_input BIGINT,
  cost_output BIGINT,
  cost_total BIGINT,
  overrun BIGINT,
  cost_lines TEXT COLLATE "C" NOT NULL,
  unknown_units TEXT COLLATE "C" NOT NULL,
  resource_id TEXT COLLATE "C",
  book TEXT COLLATE "C" NOT NULL,
  provider_response_id TEXT COLLATE "C",
  provider_uri TEXT COLLATE "C",
  function_calls TEXT COLLATE "C" NOT NULL,
  request_tags TEXT COLLATE "C" NOT NULL,
  properties TEXT COLLATE "C" NOT NULL,
  use_case_properties TEXT COLLATE "C" NOT NULL,
  limits TEXT COLLATE "C" NOT NULL,
  warnings TEXT COLLATE "C" NOT NULL
) PARTITION BY RANGE (id);
CREATE TABLE event_other PARTITION OF event DEFAULT;
CREATE INDEX event_by_time ON event (application, time_ms, id);
CREATE INDEX event_by_use_case ON event (application, use_case, time_ms, id);
CREATE INDEX event_by_instance ON event (application, use_case, instance, time_ms, id) WHERE instance IS NOT NULL;
CREATE INDEX event_seeded ON event (application, id) WHERE seeded = 1;

-- Survives retention of events: a late retry stays a duplicate for ever.
CREATE TABLE event_key (
  application TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  event_id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (application, category, kind, key)
);

CREATE TABLE event_text (
  event_id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL,
  request TEXT COLLATE "C",
  reasoning TEXT COLLATE "C",
  response TEXT COLLATE "C"
);

CREATE TABLE cost_revision (
  event_id TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  application TEXT COLLATE "C" NOT NULL,
  delta_input BIGINT NOT NULL,
  delta_output BIGINT NOT NULL,
  delta_total BIGINT NOT NULL,
  book TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (event_id, revision)
);

CREATE TABLE rollup_hour (
  application TEXT COLLATE "C" NOT NULL,
  hour BIGINT NOT NULL,
  use_case TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  errors BIGINT NOT NULL,
  blocked BIGINT NOT NULL,
  unpriced BIGINT NOT NULL,
  tokens_input BIGINT NOT NULL,
  tokens_output BIGINT NOT NULL,
  cost_hi BIGINT NOT NULL,
  cost_lo BIGINT NOT NULL,
  cost_input_hi BIGINT NOT NULL,
  cost_input_lo BIGINT NOT NULL,
  latency_sum BIGINT NOT NULL,
  latency_n BIGINT NOT NULL,
  PRIMARY KEY (application, hour, use_case, category, resource)
);

-- One dimension at a time; a cube over several would grow as fast as the events.
CREATE TABLE rollup_dim_day (
  application TEXT COLLATE "C" NOT NULL,
  dimension TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  errors BIGINT NOT NULL,
  blocked BIGINT NOT NULL,
  unpriced BIGINT NOT NULL,
  tokens_input BIGINT NOT NULL,
  tokens_output BIGINT NOT NULL,
  cost_hi BIGINT NOT NULL,
  cost_lo BIGINT NOT NULL,
  cost_input_hi BIGINT NOT NULL,
  cost_input_lo BIGINT NOT NULL,
  latency_sum BIGINT NOT NULL,
  latency_n BIGINT NOT NULL,
  PRIMARY KEY (application, dimension, day, key)
);

-- Logarithmic bins of ratio 1.1, see latency-bin.ts.
CREATE TABLE latency_hist_hour (
  application TEXT COLLATE "C" NOT NULL,
  hour BIGINT NOT NULL,
  use_case TEXT COLLATE "C" NOT NULL,
  category TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C" NOT NULL,
  bin BIGINT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (application, hour, use_case, category, resource, bin)
);

CREATE TABLE limit_def (
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  max TEXT COLLATE "C" NOT NULL,
  threshold DOUBLE PRECISION,
  limit_type TEXT COLLATE "C" NOT NULL CHECK (limit_type IN ('allow', 'block')),
  properties TEXT COLLATE "C" NOT NULL DEFAULT '{}',
  automatic BIGINT NOT NULL DEFAULT 0,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  PRIMARY KEY (application, id)
);
CREATE INDEX limit_def_by_name ON limit_def (application, name);
CREATE INDEX limit_def_by_creation ON limit_def (application, created_ms, id);

-- An event belongs to the latest window that starts at or before its time; the first window starts at 0, a reset
-- opens the next one. `value` is the budget's owner where a limit has one budget per value, else empty.
CREATE TABLE limit_window (
  application TEXT COLLATE "C" NOT NULL,
  limit_id TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL DEFAULT '',
  window_start BIGINT NOT NULL,
  used_hi BIGINT NOT NULL DEFAULT 0,
  used_lo BIGINT NOT NULL DEFAULT 0,
  used_input_hi BIGINT NOT NULL DEFAULT 0,
  used_input_lo BIGINT NOT NULL DEFAULT 0,
  ok BIGINT NOT NULL DEFAULT 0,
  exceeded BIGINT NOT NULL DEFAULT 0,
  overrun BIGINT NOT NULL DEFAULT 0,
  blocked BIGINT NOT NULL DEFAULT 0,
  blocked_external BIGINT NOT NULL DEFAULT 0,
  failed BIGINT NOT NULL DEFAULT 0,
  total BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (application, limit_id, value, window_start),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
);

CREATE TABLE limit_entry (
  application TEXT COLLATE "C" NOT NULL,
  limit_id TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL DEFAULT '',
  event_id TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  window_start BIGINT NOT NULL,
  time_ms BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  count BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  amount_input BIGINT NOT NULL,
  PRIMARY KEY (application, limit_id, event_id, revision),
  FOREIGN KEY (application, limit_id) REFERENCES limit_def (application, id) ON DELETE CASCADE
);
CREATE INDEX limit_entry_by_event ON limit_entry (event_id);

-- What others are told of: the live stream, alerts, copies. Made-up history is told to nobody.
CREATE TABLE outbox (
  seq BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  event_id TEXT COLLATE "C",
  payload TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE TABLE idempotency (
  application TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  request_hash BYTEA NOT NULL,
  status BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (application, key)
);
