-- Who may do what, and who did. Price books and resources hold for the whole organization, so there is one.
CREATE TABLE organization (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL
);
INSERT INTO organization (id, name, created_ms) VALUES ('default', 'default', floor(extract(epoch FROM now()) * 1000));

ALTER TABLE application ADD COLUMN group_name TEXT COLLATE "C";
-- Days are kept for so long; null is for ever. Text goes first, sums last.
ALTER TABLE application ADD COLUMN keep_text_days BIGINT;
ALTER TABLE application ADD COLUMN keep_events_days BIGINT;
ALTER TABLE application ADD COLUMN keep_totals_days BIGINT;
ALTER TABLE application ADD COLUMN time_zone TEXT COLLATE "C" NOT NULL DEFAULT 'UTC';
ALTER TABLE application ADD COLUMN declared_properties TEXT COLLATE "C" NOT NULL DEFAULT '[]';
ALTER TABLE application ADD COLUMN archived_ms BIGINT;

ALTER TABLE api_key ADD COLUMN scope TEXT COLLATE "C" NOT NULL DEFAULT 'full';
-- 1 for a key that the environment names: it is ensured at every start and counts as none of the two.
ALTER TABLE api_key ADD COLUMN configured BIGINT NOT NULL DEFAULT 0;
UPDATE api_key SET configured = 1 WHERE name IN ('development', 'PAYI_API_KEY');

-- `group_names` is a JSON array of the groups whose applications a member sees; null: all of them.
CREATE TABLE member (
  id TEXT COLLATE "C" PRIMARY KEY,
  email TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'editor', 'admin', 'owner')),
  group_names TEXT COLLATE "C",
  password TEXT COLLATE "C",
  subject TEXT COLLATE "C" UNIQUE,
  created_ms BIGINT NOT NULL,
  last_seen_ms BIGINT
);

CREATE TABLE sign_in_session (
  hash BYTEA PRIMARY KEY,
  member TEXT COLLATE "C" NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  created_ms BIGINT NOT NULL,
  seen_ms BIGINT NOT NULL
);
CREATE INDEX sign_in_session_by_member ON sign_in_session (member);

-- `member` is null for the token that makes the first one.
CREATE TABLE one_time_token (
  hash BYTEA PRIMARY KEY,
  member TEXT COLLATE "C" REFERENCES member (id) ON DELETE CASCADE,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX one_time_token_by_member ON one_time_token (member);

-- Every administrative write stands here in its own transaction. `application` is null for the organization's.
CREATE TABLE audit (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  application TEXT COLLATE "C",
  time_ms BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  old_value TEXT COLLATE "C",
  new_value TEXT COLLATE "C"
);
CREATE INDEX audit_by_application ON audit (application, seq);
