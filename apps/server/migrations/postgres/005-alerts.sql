-- Where alerts are sent. `secret` is encrypted: the address with whatever it holds, and the signing secret.
CREATE TABLE alert_channel (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  name TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('webhook', 'slack', 'email')),
  target TEXT COLLATE "C" NOT NULL,
  secret TEXT COLLATE "C" NOT NULL,
  enabled BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  UNIQUE (application, name)
);

CREATE TABLE alert_rule (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  name TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  condition TEXT COLLATE "C" NOT NULL,
  channels TEXT COLLATE "C" NOT NULL,
  enabled BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  UNIQUE (application, name)
);

-- What was noticed, with what it said then: a rule may be gone. Once for each subject of a rule and period.
CREATE TABLE alert (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  rule_id TEXT COLLATE "C" NOT NULL,
  rule_name TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  period TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  facts TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (application, rule_id, subject, period)
);
CREATE INDEX alert_by_creation ON alert (application, created_ms, id);

-- One alert on its way to one channel; its id is the receiver's means to tell a repeat.
CREATE TABLE alert_delivery (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL,
  alert_id TEXT COLLATE "C" NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  channel_id TEXT COLLATE "C" NOT NULL,
  channel_name TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts BIGINT NOT NULL,
  next_ms BIGINT,
  last_status BIGINT,
  last_error TEXT COLLATE "C",
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX alert_delivery_due ON alert_delivery (next_ms) WHERE state = 'pending';
CREATE INDEX alert_delivery_by_alert ON alert_delivery (alert_id);

-- How far the outbox was read for an application's alerts.
CREATE TABLE alert_position (
  application TEXT COLLATE "C" PRIMARY KEY REFERENCES application (id),
  seq BIGINT NOT NULL
);

-- What only one of several servers does at a time, and until when it has the right to.
CREATE TABLE server_lease (
  name TEXT COLLATE "C" PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL,
  until_ms BIGINT NOT NULL
);

-- What an SDK told of its own losses last, by its ledger; and what came to it by day (UTC) and reason.
CREATE TABLE client_report (
  application TEXT COLLATE "C" NOT NULL,
  ledger TEXT COLLATE "C" NOT NULL,
  produced BIGINT NOT NULL,
  delivered BIGINT NOT NULL,
  dropped TEXT COLLATE "C" NOT NULL,
  updated_ms BIGINT NOT NULL,
  PRIMARY KEY (application, ledger)
);
CREATE TABLE client_loss (
  application TEXT COLLATE "C" NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (application, day, reason)
);

CREATE INDEX outbox_alert ON outbox (application, seq) WHERE kind NOT IN ('request', 'score');
