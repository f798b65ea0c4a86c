-- The words under which requests and certificates are found (see src/storage/search):
-- identity numbers as keyed hashes. Who may find it, the word, and the id of the row.
DROP TABLE issuance_words;
CREATE TABLE issuance_words (
    owner_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    word BYTEA NOT NULL,
    row_id TEXT NOT NULL REFERENCES issuances (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, word, row_id)
);
CREATE INDEX issuance_words_of_connection ON issuance_words (connection_id, word, row_id);
CREATE INDEX issuance_words_of_row ON issuance_words (row_id, word);
CREATE TABLE certificate_words (
    owner_id TEXT NOT NULL,
    connection_id TEXT NOT NULL,
    word BYTEA NOT NULL,
    row_id TEXT NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, word, row_id)
);
CREATE INDEX certificate_words_of_connection ON certificate_words (connection_id, word, row_id);
CREATE INDEX certificate_words_of_row ON certificate_words (row_id, word);

-- Which master key hashed the numbers of a row; NULL until its words are written, which
-- happens when the database is opened.
ALTER TABLE issuances ADD COLUMN search_key TEXT;
ALTER TABLE certificates ADD COLUMN search_key TEXT;
CREATE INDEX issuances_without_words ON issuances (id)
    WHERE search_key IS NULL AND submitted_at IS NOT NULL;
CREATE INDEX certificates_without_words ON certificates (id) WHERE search_key IS NULL;

-- What the owner writes beside a certificate.
ALTER TABLE certificates ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE certificates ADD COLUMN tags TEXT NOT NULL DEFAULT '';

-- The holder's name as it sorts. That of requests is made again: Ñ comes after N.
ALTER TABLE certificates ADD COLUMN holder_key BYTEA;
UPDATE issuances SET holder_key = NULL;

-- The orders of the lists, of one person and of one connection: each index ends with
-- what makes a place unique.
CREATE INDEX certificates_by_expiry ON certificates (owner_id, not_after, id)
    WHERE replaced_by IS NULL;
CREATE INDEX certificates_by_name ON certificates (owner_id, holder_key, id)
    WHERE replaced_by IS NULL;
CREATE INDEX certificates_replaced ON certificates (owner_id, not_after, id)
    WHERE replaced_by IS NOT NULL;
CREATE INDEX certificates_of_connection_by_name ON certificates (connection_id, holder_key, id)
    WHERE replaced_by IS NULL;
CREATE INDEX issuances_of_connection_by_holder ON issuances (connection_id, holder_key, cursor)
    WHERE submitted_at IS NOT NULL;
