-- Times are milliseconds since 1970-01-01T00:00:00Z.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    domain TEXT COLLATE NOCASE,
    domain_optional INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    may_issue INTEGER NOT NULL,
    groups TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE redirect_urls (
    partner TEXT NOT NULL,
    url TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (partner, url)
);
CREATE TABLE seen_logins (
    hmac TEXT PRIMARY KEY,
    seen_at INTEGER NOT NULL
);
CREATE INDEX seen_logins_by_time ON seen_logins (seen_at);
CREATE TABLE temp_tokens (
    hash BLOB PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);
CREATE INDEX temp_tokens_by_expiry ON temp_tokens (expires_at);
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    refresh_hash BLOB NOT NULL UNIQUE,
    refresh_expires_at INTEGER NOT NULL,
    ended_at INTEGER
);
CREATE INDEX sessions_by_expiry ON sessions (refresh_expires_at);
CREATE TABLE requests (
    code TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    fingerprint BLOB NOT NULL,
    subject TEXT NOT NULL,
    subject_der BLOB NOT NULL,
    hash_type TEXT NOT NULL,
    public_key BLOB NOT NULL,
    private_key BLOB NOT NULL,
    csr TEXT NOT NULL,
    renews TEXT,
    groups TEXT NOT NULL,
    info TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE TABLE certificates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    thumbprint TEXT NOT NULL UNIQUE,
    request_code TEXT NOT NULL UNIQUE REFERENCES requests (code),
    serial BLOB NOT NULL UNIQUE,
    der BLOB NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    groups TEXT NOT NULL,
    info TEXT NOT NULL,
    replaced_by TEXT,
    created_at INTEGER NOT NULL
);
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    operation TEXT NOT NULL,
    result TEXT NOT NULL,
    request_code TEXT,
    thumbprint TEXT,
    subject TEXT,
    renews TEXT,
    user TEXT
);
