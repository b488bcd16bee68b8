-- An organization's own resources and mappings hold for all of its applications, and so do price books.

-- Every change of what calls cost: who, when, what. `seq` rises with each, so it tells whether prices were read anew.
CREATE TABLE price_audit (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time_ms BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL
);

-- Prices are exact decimal text per single unit. A deleted version stays for those who ask what an old cost was made of.
CREATE TABLE custom_resource (
  id TEXT COLLATE "C" PRIMARY KEY,
  category TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C" NOT NULL,
  start_ms BIGINT NOT NULL,
  units TEXT COLLATE "C" NOT NULL,
  max_input_units BIGINT,
  max_output_units BIGINT,
  max_total_units BIGINT,
  created_ms BIGINT NOT NULL,
  deleted_ms BIGINT
);
CREATE INDEX custom_resource_by_name ON custom_resource (category, resource, start_ms);

-- A name that calls report, and the resource whose price it has.
CREATE TABLE resource_mapping (
  category TEXT COLLATE "C" NOT NULL,
  resource TEXT COLLATE "C" NOT NULL,
  price_as_category TEXT COLLATE "C" NOT NULL,
  price_as_resource TEXT COLLATE "C" NOT NULL,
  price_as_scope TEXT COLLATE "C",
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (category, resource)
);

-- Books are never changed. Layers are shared: a correction on top of a book does not repeat the book.
CREATE TABLE price_layer (
  hash TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  content TEXT COLLATE "C" NOT NULL
);

CREATE TABLE price_book (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('built-in', 'uploaded')),
  layers TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL
);
CREATE INDEX price_book_by_creation ON price_book (created_ms, id);

-- The last row names the book in force.
CREATE TABLE price_book_activation (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  book_id TEXT COLLATE "C" NOT NULL REFERENCES price_book (id),
  time_ms BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL
);

-- What a cost was made of, before and after it was priced again; `cost_revision` has the money.
CREATE TABLE cost_basis (
  event_id TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  application TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  cost_total BIGINT,
  resource_id TEXT COLLATE "C",
  lines TEXT COLLATE "C" NOT NULL,
  book TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (event_id, revision)
);

CREATE TABLE reprice_job (
  id TEXT COLLATE "C" PRIMARY KEY,
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  actor TEXT COLLATE "C" NOT NULL,
  scope TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  book TEXT COLLATE "C" NOT NULL,
  report TEXT COLLATE "C" NOT NULL,
  after_ms BIGINT,
  after_id TEXT COLLATE "C",
  created_ms BIGINT NOT NULL,
  finished_ms BIGINT
);
CREATE INDEX reprice_job_unfinished ON reprice_job (created_ms) WHERE finished_ms IS NULL;

CREATE INDEX event_unpriced ON event (application, category, resource) WHERE pricing_status <> 'priced';
