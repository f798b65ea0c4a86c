-- A certificate may be here that no request of this portal led to: its owner took it
-- over by its file, or by its thumbprint alone. What only a file says is NULL until
-- the file was seen; `chain` has the SHA-256 of the certificates of the CAs above it,
-- the nearest first, and is NULL unless the file is kept.
CREATE TABLE certificates_of_both (
    id TEXT NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections (id),
    owner_id TEXT NOT NULL REFERENCES owners (id),
    issuance_id TEXT UNIQUE REFERENCES issuances (id),
    origin TEXT NOT NULL DEFAULT 'issued',
    recorded_at BIGINT NOT NULL DEFAULT 0,
    certificate_id TEXT NOT NULL,
    thumbprint TEXT NOT NULL,
    sha1 TEXT,
    sha256 TEXT,
    serial TEXT,
    not_before BIGINT,
    chain TEXT,
    holder TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT,
    renews TEXT,
    replaced_by TEXT,
    issued_at BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    exact BIGINT NOT NULL,
    proven BIGINT NOT NULL DEFAULT 1,
    erased_at BIGINT,
    UNIQUE (connection_id, thumbprint)
);
INSERT INTO certificates_of_both (id, connection_id, owner_id, issuance_id, recorded_at,
    certificate_id, thumbprint, sha1, sha256, holder, subject, kind, renews, replaced_by,
    issued_at, not_after, exact, proven, erased_at)
SELECT id, connection_id, owner_id, issuance_id, issued_at, certificate_id, thumbprint,
    CASE WHEN LENGTH(thumbprint) = 40 THEN thumbprint END,
    CASE WHEN LENGTH(thumbprint) = 64 THEN thumbprint END,
    holder, subject, kind, renews, replaced_by, issued_at, not_after, exact, proven, erased_at
FROM certificates;
DROP TABLE certificates;
ALTER TABLE certificates_of_both RENAME TO certificates;

-- One certificate has one row, whichever digest names it.
CREATE UNIQUE INDEX certificates_by_sha1 ON certificates (connection_id, sha1)
    WHERE sha1 IS NOT NULL;
CREATE UNIQUE INDEX certificates_by_sha256 ON certificates (connection_id, sha256)
    WHERE sha256 IS NOT NULL;
CREATE INDEX certificates_current ON certificates (owner_id, not_after) WHERE replaced_by IS NULL;
CREATE INDEX certificates_by_holder ON certificates (owner_id, holder, not_after);
CREATE INDEX certificates_by_renews ON certificates (connection_id, renews)
    WHERE renews IS NOT NULL;
CREATE INDEX certificates_of_connection ON certificates (connection_id, not_after, id)
    WHERE replaced_by IS NULL;
CREATE INDEX certificates_to_erase ON certificates (not_after) WHERE erased_at IS NULL;

-- Certificates and those of their CAs in DER form, under their SHA-256: a CA's is kept
-- once for all that it has signed.
CREATE TABLE certificate_files (
    connection_id TEXT NOT NULL REFERENCES connections (id),
    sha256 TEXT NOT NULL,
    der BYTEA NOT NULL,
    PRIMARY KEY (connection_id, sha256)
);
