-- Who may do what, and who did. Price books and resources hold for the whole organization, so there is one.
CREATE TABLE organization (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;
INSERT INTO organization (id, name, created_ms) VALUES ('default', 'default', unixepoch() * 1000);

ALTER TABLE application ADD COLUMN group_name TEXT;
-- Days are kept for so long; null is for ever. Text goes first, sums last.
ALTER TABLE application ADD COLUMN keep_text_days INTEGER;
ALTER TABLE application ADD COLUMN keep_events_days INTEGER;
ALTER TABLE application ADD COLUMN keep_totals_days INTEGER;
ALTER TABLE application ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE application ADD COLUMN declared_properties TEXT NOT NULL DEFAULT '[]';
ALTER TABLE application ADD COLUMN archived_ms INTEGER;

ALTER TABLE api_key ADD COLUMN scope TEXT NOT NULL DEFAULT 'full';
-- 1 for a key that the environment names: it is ensured at every start and counts as none of the two.
ALTER TABLE api_key ADD COLUMN configured INTEGER NOT NULL DEFAULT 0;
UPDATE api_key SET configured = 1 WHERE name IN ('development', 'PAYI_API_KEY');

-- `group_names` is a JSON array of the groups whose applications a member sees; null: all of them.
CREATE TABLE member (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'editor', 'admin', 'owner')),
  group_names TEXT,
  password TEXT,
  subject TEXT UNIQUE,
  created_ms INTEGER NOT NULL,
  last_seen_ms INTEGER
) STRICT;

CREATE TABLE sign_in_session (
  hash BLOB PRIMARY KEY,
  member TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_session_by_member ON sign_in_session (member);

-- `member` is null for the token that makes the first one.
CREATE TABLE one_time_token (
  hash BLOB PRIMARY KEY,
  member TEXT REFERENCES member (id) ON DELETE CASCADE,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX one_time_token_by_member ON one_time_token (member);

-- Every administrative write stands here in its own transaction. `application` is null for the organization's.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  application TEXT,
  time_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  old_value TEXT,
  new_value TEXT
) STRICT;
CREATE INDEX audit_by_application ON audit (application, seq);
