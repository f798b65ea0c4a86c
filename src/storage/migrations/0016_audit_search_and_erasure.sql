-- The audit's pages: newest first, by who, by action, and by outcomes other than the
-- usual one. Each index ends with the order of the page, so that nothing is sorted.
CREATE INDEX audit_at ON audit (at, seq);
CREATE INDEX audit_actor ON audit (actor, at, seq);
CREATE INDEX audit_action ON audit (action, at, seq);
CREATE INDEX audit_not_done ON audit (outcome, at, seq) WHERE outcome <> 'done';

-- When what is personal in a row was erased, and what may be old enough for it.
ALTER TABLE issuances ADD COLUMN erased_at BIGINT;
ALTER TABLE certificates ADD COLUMN erased_at BIGINT;
CREATE INDEX issuances_to_erase ON issuances (updated_at)
    WHERE erased_at IS NULL AND state IN ('draft', 'refused', 'abandoned', 'mismatch');
CREATE INDEX certificates_to_erase ON certificates (not_after) WHERE erased_at IS NULL;
