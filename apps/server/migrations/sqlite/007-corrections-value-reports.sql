-- Set once a request was voided: its cost is 0 from then on, and nothing prices it again.
ALTER TABLE event ADD COLUMN voided_ms INTEGER;

CREATE TABLE voided_request (
  event_id TEXT PRIMARY KEY,
  application TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

-- What an instance of a use case is worth, as equations. A version is never changed; one at a time is in force.
CREATE TABLE value_policy (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL,
  use_case TEXT NOT NULL,
  version INTEGER NOT NULL,
  description TEXT NOT NULL,
  money_equation TEXT,
  time_equation TEXT,
  active INTEGER NOT NULL,
  actor TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  UNIQUE (application, use_case, version),
  FOREIGN KEY (application, use_case) REFERENCES use_case (application, name) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX value_policy_active ON value_policy (application, use_case) WHERE active = 1;
CREATE INDEX value_policy_by_creation ON value_policy (application, created_ms, id);

-- Questions to analytics that are asked again. `definition` is JSON.
CREATE TABLE report (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX report_by_creation ON report (application, created_ms, id);
