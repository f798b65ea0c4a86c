-- The last failed sign-ins of each connection, for its admins: at most fifty of
-- each method. Facts are JSON, without tokens, keys and user names.
CREATE TABLE sign_in_failures (
    id TEXT NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections (id),
    method TEXT NOT NULL,
    failed_at BIGINT NOT NULL,
    cause TEXT NOT NULL,
    facts TEXT NOT NULL
);
CREATE INDEX sign_in_failures_ring ON sign_in_failures (connection_id, method, failed_at);

-- When signing in at a connection last worked, and when and why it last failed.
CREATE TABLE connection_health (
    connection_id TEXT NOT NULL PRIMARY KEY REFERENCES connections (id),
    worked_at BIGINT,
    failed_at BIGINT,
    cause TEXT
);
