-- The next shared key of a connection, or the previous one as long as tokens
-- signed with it are accepted: until then; NULL for a next key.
ALTER TABLE connections ADD COLUMN second_key BYTEA;
ALTER TABLE connections ADD COLUMN second_key_set_at BIGINT;
ALTER TABLE connections ADD COLUMN second_key_until BIGINT;

-- When a start no longer found a connection of the configuration file in it.
ALTER TABLE connections ADD COLUMN left_file_at BIGINT;

-- Forms are kept for administrators too, who are no owners.
CREATE TABLE kept_forms_of_all (
    owner_id TEXT NOT NULL,
    place TEXT NOT NULL,
    form BYTEA NOT NULL,
    kept_until BIGINT NOT NULL,
    PRIMARY KEY (owner_id, place)
);
INSERT INTO kept_forms_of_all SELECT owner_id, place, form, kept_until FROM kept_forms;
DROP TABLE kept_forms;
ALTER TABLE kept_forms_of_all RENAME TO kept_forms;
CREATE INDEX kept_forms_kept_until ON kept_forms (kept_until);
