-- Tokens and shared keys open for one server only. What is sealed already is tied to
-- the server of its connection when the database is opened: of these connections.
CREATE TABLE unbound_secrets (connection_id TEXT NOT NULL PRIMARY KEY);
INSERT INTO unbound_secrets SELECT id FROM connections;

-- The sign-in that a user's session lives from: once no session does, its tokens go.
ALTER TABLE sessions ADD COLUMN sign_in_id TEXT;
UPDATE sessions SET sign_in_id = (
    SELECT sign_ins.id FROM sign_ins WHERE sign_ins.owner_id = sessions.subject
        AND sessions.state LIKE '%' || sign_ins.id || '%');
-- 1 if it ends as soon as nothing works with its tokens any more.
ALTER TABLE sign_ins ADD COLUMN ending BIGINT NOT NULL DEFAULT 0;
CREATE INDEX sessions_sign_in_id ON sessions (sign_in_id);
CREATE INDEX sign_ins_with_tokens ON sign_ins (connection_id) WHERE access_token IS NOT NULL;
CREATE INDEX issuances_at_work ON issuances (sign_in_id)
    WHERE state IN ('creating', 'key_created', 'finalizing');

-- 0 if only its owner says that Redtrust issued it: nothing proves it.
ALTER TABLE certificates ADD COLUMN proven BIGINT NOT NULL DEFAULT 1;
UPDATE certificates SET proven = 0 WHERE issuance_id IN (
    SELECT id FROM issuances WHERE reason = 'shown_by_owner');

-- Files of certificates that Redtrust vouched for, one of each issuer; and the
-- certificates of CAs that have signed such a one.
CREATE TABLE vouched_files (
    connection_id TEXT NOT NULL REFERENCES connections (id),
    issuer TEXT NOT NULL,
    der BYTEA NOT NULL,
    PRIMARY KEY (connection_id, issuer)
);
CREATE TABLE known_issuers (
    connection_id TEXT NOT NULL REFERENCES connections (id),
    sha256 TEXT NOT NULL,
    der BYTEA NOT NULL,
    PRIMARY KEY (connection_id, sha256)
);
