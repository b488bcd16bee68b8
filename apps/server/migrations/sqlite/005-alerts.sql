-- Where alerts are sent. `secret` is encrypted: the address with whatever it holds, and the signing secret.
CREATE TABLE alert_channel (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('webhook', 'slack', 'email')),
  target TEXT NOT NULL,
  secret TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  UNIQUE (application, name)
) STRICT;

CREATE TABLE alert_rule (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  condition TEXT NOT NULL,
  channels TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  UNIQUE (application, name)
) STRICT;

-- What was noticed, with what it said then: a rule may be gone. Once for each subject of a rule and period.
CREATE TABLE alert (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  rule_id TEXT NOT NULL,
  rule_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  period TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  facts TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (application, rule_id, subject, period)
) STRICT;
CREATE INDEX alert_by_creation ON alert (application, created_ms, id);

-- One alert on its way to one channel; its id is the receiver's means to tell a repeat.
CREATE TABLE alert_delivery (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL,
  alert_id TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
  channel_id TEXT NOT NULL,
  channel_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts INTEGER NOT NULL,
  next_ms INTEGER,
  last_status INTEGER,
  last_error TEXT,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_delivery_due ON alert_delivery (next_ms) WHERE state = 'pending';
CREATE INDEX alert_delivery_by_alert ON alert_delivery (alert_id);

-- How far the outbox was read for an application's alerts.
CREATE TABLE alert_position (
  application TEXT PRIMARY KEY REFERENCES application (id),
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What only one of several servers does at a time, and until when it has the right to.
CREATE TABLE server_lease (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What an SDK told of its own losses last, by its ledger; and what came to it by day (UTC) and reason.
CREATE TABLE client_report (
  application TEXT NOT NULL,
  ledger TEXT NOT NULL,
  produced INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  dropped TEXT NOT NULL,
  updated_ms INTEGER NOT NULL,
  PRIMARY KEY (application, ledger)
) STRICT, WITHOUT ROWID;
CREATE TABLE client_loss (
  application TEXT NOT NULL,
  day TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (application, day, reason)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_alert ON outbox (application, seq) WHERE kind NOT IN ('request', 'score');
