-- What was wrong with a row that is left out, as JSON: its answers are deleted, and nothing
-- of them is in it.
ALTER TABLE run_lines ADD COLUMN faults TEXT;
