-- Entries outnumber limits by far, and a check of the limit with every entry was a third of what recording them cost. A
-- limit takes its entries with it all the same.
ALTER TABLE limit_entry DROP CONSTRAINT limit_entry_application_limit_id_fkey;
CREATE FUNCTION delete_limit_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM limit_entry WHERE application = OLD.application AND limit_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER limit_def_deleted AFTER DELETE ON limit_def FOR EACH ROW EXECUTE FUNCTION delete_limit_entries();

-- Rows that are added to again and again find room for their next version on their page, and no index is written to.
ALTER TABLE rollup_hour SET (fillfactor = 50);
ALTER TABLE rollup_dim_day SET (fillfactor = 50);
ALTER TABLE latency_hist_hour SET (fillfactor = 50);
ALTER TABLE limit_window SET (fillfactor = 50);
ALTER TABLE instance SET (fillfactor = 80);
