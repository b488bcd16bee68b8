-- Nothing to do: SQLite checks the limit of an entry on a page that it has at hand, and writes totals in place.
SELECT 1;
