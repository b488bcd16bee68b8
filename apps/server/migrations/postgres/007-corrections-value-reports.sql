-- Set once a request was voided: its cost is 0 from then on, and nothing prices it again.
ALTER TABLE event ADD COLUMN voided_ms BIGINT;

CREATE TABLE voided_request (
  event_id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL
);

-- What an instance of a use case is worth, as equations. A version is never changed; one at a time is in force.
CREATE TABLE value_policy (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL,
  use_case TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  description TEXT COLLATE "C" NOT NULL,
  money_equation TEXT COLLATE "C",
  time_equation TEXT COLLATE "C",
  active BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  UNIQUE (application, use_case, version),
  FOREIGN KEY (application, use_case) REFERENCES use_case (application, name) ON DELETE CASCADE
);
CREATE UNIQUE INDEX value_policy_active ON value_policy (application, use_case) WHERE active = 1;
CREATE INDEX value_policy_by_creation ON value_policy (application, created_ms, id);

-- Questions to analytics that are asked again. `definition` is JSON.
CREATE TABLE report (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  name TEXT COLLATE "C" NOT NULL,
  definition TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX report_by_creation ON report (application, created_ms, id);
