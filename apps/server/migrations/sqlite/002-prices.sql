-- An organization's own resources and mappings hold for all of its applications, and so do price books.

-- Every change of what calls cost: who, when, what. `seq` rises with each, so it tells whether prices were read anew.
CREATE TABLE price_audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  time_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

-- Prices are exact decimal text per single unit. A deleted version stays for those who ask what an old cost was made of.
CREATE TABLE custom_resource (
  id TEXT PRIMARY KEY,
  category TEXT NOT NULL,
  resource TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  units TEXT NOT NULL,
  max_input_units INTEGER,
  max_output_units INTEGER,
  max_total_units INTEGER,
  created_ms INTEGER NOT NULL,
  deleted_ms INTEGER
) STRICT;
CREATE INDEX custom_resource_by_name ON custom_resource (category, resource, start_ms);

-- A name that calls report, and the resource whose price it has.
CREATE TABLE resource_mapping (
  category TEXT NOT NULL,
  resource TEXT NOT NULL,
  price_as_category TEXT NOT NULL,
  price_as_resource TEXT NOT NULL,
  price_as_scope TEXT,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (category, resource)
) STRICT, WITHOUT ROWID;

-- Books are never changed. Layers are shared: a correction on top of a book does not repeat the book.
CREATE TABLE price_layer (
  hash TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;

CREATE TABLE price_book (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('built-in', 'uploaded')),
  layers TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  created_by TEXT NOT NULL
) STRICT;
CREATE INDEX price_book_by_creation ON price_book (created_ms, id);

-- The last row names the book in force.
CREATE TABLE price_book_activation (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  book_id TEXT NOT NULL REFERENCES price_book (id),
  time_ms INTEGER NOT NULL,
  actor TEXT NOT NULL
) STRICT;

-- What a cost was made of, before and after it was priced again; `cost_revision` has the money.
CREATE TABLE cost_basis (
  event_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  application TEXT NOT NULL,
  status TEXT NOT NULL,
  cost_total INTEGER,
  resource_id TEXT,
  lines TEXT NOT NULL,
  book TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  PRIMARY KEY (event_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE reprice_job (
  id TEXT PRIMARY KEY,
  application TEXT NOT NULL REFERENCES application (id),
  actor TEXT NOT NULL,
  scope TEXT NOT NULL,
  reason TEXT NOT NULL,
  book TEXT NOT NULL,
  report TEXT NOT NULL,
  after_ms INTEGER,
  after_id TEXT,
  created_ms INTEGER NOT NULL,
  finished_ms INTEGER
) STRICT;
CREATE INDEX reprice_job_unfinished ON reprice_job (created_ms) WHERE finished_ms IS NULL;

CREATE INDEX event_unpriced ON event (application, category, resource) WHERE pricing_status <> 'priced';
