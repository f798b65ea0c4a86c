-- Forms that came after the session had ended, sealed, until their owner is
-- back: one for each place, for a short while.
CREATE TABLE kept_forms (
    owner_id TEXT NOT NULL REFERENCES owners (id),
    place TEXT NOT NULL,
    form BYTEA NOT NULL,
    kept_until BIGINT NOT NULL,
    PRIMARY KEY (owner_id, place)
);
CREATE INDEX kept_forms_kept_until ON kept_forms (kept_until);
