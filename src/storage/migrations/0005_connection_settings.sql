-- A connection's settings in one column: JSON, each setting as text by its key.
-- What the old columns held is kept apart until the settings are written from
-- it, which happens when the database is opened.
CREATE TABLE old_connection_settings (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    domain TEXT,
    partner TEXT NOT NULL,
    ca_pem TEXT,
    dialect TEXT NOT NULL,
    issuer TEXT,
    direct_login BIGINT NOT NULL,
    validity_days BIGINT NOT NULL,
    issue_timeout_secs BIGINT NOT NULL,
    extra_sign_in_origins TEXT NOT NULL,
    offer TEXT NOT NULL
);
INSERT INTO old_connection_settings
    SELECT id, name, base_url, domain, partner, ca_pem, dialect, issuer, direct_login,
        validity_days, issue_timeout_secs, extra_sign_in_origins, offer
    FROM connections;

ALTER TABLE connections ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE connections DROP COLUMN name;
ALTER TABLE connections DROP COLUMN base_url;
ALTER TABLE connections DROP COLUMN domain;
ALTER TABLE connections DROP COLUMN partner;
ALTER TABLE connections DROP COLUMN ca_pem;
ALTER TABLE connections DROP COLUMN dialect;
ALTER TABLE connections DROP COLUMN issuer;
ALTER TABLE connections DROP COLUMN direct_login;
ALTER TABLE connections DROP COLUMN validity_days;
ALTER TABLE connections DROP COLUMN issue_timeout_secs;
ALTER TABLE connections DROP COLUMN extra_sign_in_origins;
ALTER TABLE connections DROP COLUMN offer;
