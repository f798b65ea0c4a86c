-- Requests in the order of their holders are filtered, and those of a state counted, by an
-- index alone: a row of the table is fifty times as long.
DROP INDEX issuances_by_holder;
CREATE INDEX issuances_by_holder ON issuances (owner_id, holder_key, cursor, state, kind)
    WHERE submitted_at IS NOT NULL;
DROP INDEX issuances_of_connection_by_holder;
CREATE INDEX issuances_of_connection_by_holder
    ON issuances (connection_id, holder_key, cursor, state, kind) WHERE submitted_at IS NOT NULL;
DROP INDEX issuances_by_state;
CREATE INDEX issuances_by_state ON issuances (owner_id, state, cursor, submitted_at);
CREATE INDEX issuances_of_connection_by_state_and_kind
    ON issuances (connection_id, state, kind, cursor) WHERE submitted_at IS NOT NULL;
-- What somebody has to look after is little, and stands among much else.
CREATE INDEX issuances_unfinished ON issuances (owner_id, cursor, kind)
    WHERE state IN ('creating', 'key_created', 'finalizing', 'unknown', 'mismatch')
    AND submitted_at IS NOT NULL;
CREATE INDEX issuances_unfinished_of_connection ON issuances (connection_id, cursor, kind)
    WHERE state IN ('creating', 'key_created', 'finalizing', 'unknown', 'mismatch')
    AND submitted_at IS NOT NULL;
