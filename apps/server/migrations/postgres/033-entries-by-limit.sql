-- Entries of a limit are found by the limit; those of an event by the limits that its row names.
DROP INDEX limit_entry_by_event;
