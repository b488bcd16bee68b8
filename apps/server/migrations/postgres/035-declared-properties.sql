-- Totals by day of properties that an application has declared; `from_day` is the first day (UTC) that they are whole of.
-- What is not in them has no value: that is the rest of all requests.
CREATE TABLE declared_dimension (
  application TEXT COLLATE "C" NOT NULL REFERENCES application (id),
  dimension TEXT COLLATE "C" NOT NULL,
  from_day BIGINT NOT NULL,
  PRIMARY KEY (application, dimension)
);
INSERT INTO declared_dimension (application, dimension, from_day)
  SELECT DISTINCT application.id, 'property:' || property.value,
    CAST(floor(extract(epoch FROM clock_timestamp()) / 86400) AS BIGINT) + 2
  FROM application, json_array_elements_text(CAST(application.declared_properties AS json)) AS property(value);
