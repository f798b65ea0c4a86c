DROP TABLE certificate_days;
CREATE TABLE certificate_days (
    owner_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (owner_id, day, kind)
) WITHOUT ROWID;
INSERT INTO certificate_days (owner_id, day, kind, number)
    SELECT owner_id, not_after / 86400000, COALESCE(kind, ''), COUNT(*) FROM certificates
    WHERE replaced_by IS NULL GROUP BY owner_id, not_after / 86400000, COALESCE(kind, '');
