-- The holder's name as it sorts: folded, so that case and accents make no
-- difference. Written when an issuance is submitted; what was submitted before
-- gets its own when the database is opened.
ALTER TABLE issuances ADD COLUMN holder_key BYTEA;

CREATE INDEX issuances_by_holder ON issuances (owner_id, holder_key, cursor)
    WHERE submitted_at IS NOT NULL;

-- Empty but for a moment: the look for what has no key yet costs nothing.
CREATE INDEX issuances_without_holder_key ON issuances (id)
    WHERE submitted_at IS NOT NULL AND holder_key IS NULL;
