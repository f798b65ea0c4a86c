-- The rows of a word stand in the order of their times: a page of them costs the same,
-- however many rows have the word. All words are written anew when the database is opened.
DROP TABLE issuance_words;
CREATE TABLE issuance_words (
    owner_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    word BYTEA NOT NULL,
    at BIGINT NOT NULL,
    row_id TEXT NOT NULL REFERENCES issuances (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, word, at, row_id)
);
CREATE INDEX issuance_words_of_connection
    ON issuance_words (connection_id, word, at, row_id);
CREATE INDEX issuance_words_of_row ON issuance_words (row_id, word);
DROP TABLE certificate_words;
CREATE TABLE certificate_words (
    owner_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    word BYTEA NOT NULL,
    at BIGINT NOT NULL,
    row_id TEXT NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, word, at, row_id)
);
CREATE INDEX certificate_words_of_connection
    ON certificate_words (connection_id, word, at, row_id);
CREATE INDEX certificate_words_of_row ON certificate_words (row_id, word);
UPDATE issuances SET search_key = NULL;
UPDATE certificates SET search_key = NULL;

-- Counting what is filtered reads an index alone.
CREATE INDEX issuances_by_state_and_kind ON issuances (owner_id, state, kind, cursor)
    WHERE submitted_at IS NOT NULL;
CREATE INDEX issuances_of_connection_by_kind ON issuances (connection_id, kind, cursor)
    WHERE submitted_at IS NOT NULL;
CREATE INDEX certificates_by_kind ON certificates (owner_id, kind, not_after, id)
    WHERE replaced_by IS NULL;
CREATE INDEX certificates_of_connection_by_kind
    ON certificates (connection_id, kind, not_after, id) WHERE replaced_by IS NULL;
-- What an administrator's day shows.
CREATE INDEX issuances_by_change ON issuances (state, updated_at) WHERE erased_at IS NULL;
