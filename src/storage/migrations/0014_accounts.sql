-- The second factor of a local account, and the connections of an officer. What is
-- NULL leaves the seal of a row as the version before has made it.
ALTER TABLE admins ADD COLUMN totp_secret BYTEA;
ALTER TABLE admins ADD COLUMN totp_last_step BIGINT;
ALTER TABLE admins ADD COLUMN recovery_codes TEXT;
ALTER TABLE admins ADD COLUMN connections TEXT;
ALTER TABLE admins ADD COLUMN last_sign_in_at BIGINT;

-- One-time links that make an account, stored under the SHA-256 of their secret.
CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    link_hash BYTEA NOT NULL UNIQUE,
    role TEXT NOT NULL,
    connections TEXT,
    note TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    audit_seq BIGINT,
    audit_hash BYTEA,
    row_seal BYTEA
);

-- What officers see: the issuances and certificates of one connection.
CREATE INDEX issuances_of_connection ON issuances (connection_id, cursor)
    WHERE submitted_at IS NOT NULL;
CREATE INDEX issuances_of_connection_by_state ON issuances (connection_id, state, cursor)
    WHERE submitted_at IS NOT NULL;
CREATE INDEX certificates_of_connection ON certificates (connection_id, not_after, id)
    WHERE replaced_by IS NULL;
