-- Totals by day of properties that an application has declared; `from_day` is the first day (UTC) that they are whole of.
-- What is not in them has no value: that is the rest of all requests.
CREATE TABLE declared_dimension (
  application TEXT NOT NULL REFERENCES application (id),
  dimension TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  PRIMARY KEY (application, dimension)
) STRICT, WITHOUT ROWID;
INSERT INTO declared_dimension (application, dimension, from_day)
  SELECT DISTINCT application.id, 'property:' || property.value, unixepoch() / 86400 + 2
  FROM application, json_each(application.declared_properties) AS property;
