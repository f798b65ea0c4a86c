-- One text for SQLite and PostgreSQL: TEXT, BIGINT and BYTEA only; times are
-- milliseconds, flags 0 or 1; what is sorted or searched by its beginning is
-- BYTEA, since text sorts differently on the two. Unique indexes are named as
-- PostgreSQL names constraints: errors are told apart by that name.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE connections (
    id TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    domain TEXT,
    partner TEXT NOT NULL,
    shared_key BYTEA NOT NULL,
    key_set_at BIGINT NOT NULL,
    ca_pem TEXT,
    dialect TEXT NOT NULL,
    issuer TEXT,
    direct_login BIGINT NOT NULL,
    sandbox BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    from_file BIGINT NOT NULL,
    validity_days BIGINT NOT NULL,
    issue_timeout_secs BIGINT NOT NULL,
    extra_sign_in_origins TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE redirect_urls (
    id TEXT NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections (id),
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (connection_id, url)
);

-- One at most lets people sign in.
CREATE UNIQUE INDEX redirect_urls_connection_id_key
    ON redirect_urls (connection_id) WHERE state IN ('registered', 'confirmed');

-- Login attempts that led somewhere, and the temporary tokens that did: each once.
CREATE TABLE attempts (
    attempt_id TEXT NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    used_at BIGINT NOT NULL,
    UNIQUE (connection_id, token_hash)
);
CREATE INDEX attempts_used_at ON attempts (used_at);

CREATE TABLE owners (
    id TEXT NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections (id),
    login TEXT NOT NULL,
    shown TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (connection_id, login)
);

CREATE TABLE sign_ins (
    id TEXT NOT NULL PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES owners (id),
    connection_id TEXT NOT NULL,
    method TEXT NOT NULL,
    access_token BYTEA,
    refresh_token BYTEA,
    expires_at BIGINT,
    version BIGINT NOT NULL,
    refresh_claimed_until BIGINT NOT NULL,
    needs_sign_in BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX sign_ins_owner_id ON sign_ins (owner_id);

CREATE TABLE issuances (
    id TEXT NOT NULL PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    owner_id TEXT NOT NULL REFERENCES owners (id),
    connection_id TEXT NOT NULL REFERENCES connections (id),
    sign_in_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    answers TEXT NOT NULL,
    request TEXT,
    holder TEXT NOT NULL,
    renews TEXT,
    request_code TEXT,
    code_from_client BIGINT NOT NULL,
    csr TEXT,
    csr_key TEXT,
    certificate_id TEXT,
    thumbprint TEXT,
    error_code TEXT,
    error_message TEXT,
    reason TEXT,
    lease_holder TEXT,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    submitted_at BIGINT,
    updated_at BIGINT NOT NULL,
    cursor BYTEA NOT NULL
);
CREATE UNIQUE INDEX issuances_connection_id_request_code_key
    ON issuances (connection_id, request_code) WHERE request_code IS NOT NULL;
-- Only of issued ones: a mismatch keeps the thumbprint that came back as evidence.
CREATE UNIQUE INDEX issuances_connection_id_thumbprint_key
    ON issuances (connection_id, thumbprint) WHERE state = 'issued';
-- A certificate is renewed once, from however many drafts.
CREATE UNIQUE INDEX issuances_connection_id_renews_key ON issuances (connection_id, renews)
    WHERE state IN ('creating', 'key_created', 'finalizing', 'unknown');
CREATE INDEX issuances_history ON issuances (owner_id, cursor) WHERE submitted_at IS NOT NULL;
CREATE INDEX issuances_by_state ON issuances (owner_id, state, cursor);
CREATE INDEX issuances_by_kind ON issuances (owner_id, kind, cursor) WHERE submitted_at IS NOT NULL;
-- With the cursor at its end: without it SQLite would rather walk the whole
-- history in order than look for the one row.
CREATE INDEX issuances_by_thumbprint ON issuances (owner_id, thumbprint, cursor)
    WHERE thumbprint IS NOT NULL;
CREATE INDEX issuances_open ON issuances (owner_id, cursor)
    WHERE state IN ('draft', 'creating', 'key_created', 'finalizing', 'unknown');
CREATE INDEX issuances_in_flight ON issuances (lease_until)
    WHERE state IN ('creating', 'finalizing');

CREATE TABLE issuance_events (
    issuance_id TEXT NOT NULL REFERENCES issuances (id),
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    state TEXT NOT NULL,
    error_code TEXT,
    detail TEXT,
    PRIMARY KEY (issuance_id, attempt)
);

-- Words of the holder's name, folded; the cursor says which issuance and sorts.
CREATE TABLE issuance_words (
    owner_id TEXT NOT NULL,
    word BYTEA NOT NULL,
    cursor BYTEA NOT NULL,
    PRIMARY KEY (owner_id, word, cursor)
);
CREATE INDEX issuance_words_by_issuance ON issuance_words (owner_id, cursor, word);

CREATE TABLE certificates (
    id TEXT NOT NULL PRIMARY KEY,
    connection_id TEXT NOT NULL REFERENCES connections (id),
    owner_id TEXT NOT NULL REFERENCES owners (id),
    issuance_id TEXT NOT NULL UNIQUE REFERENCES issuances (id),
    certificate_id TEXT NOT NULL,
    thumbprint TEXT NOT NULL,
    holder TEXT NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    renews TEXT,
    replaced_by TEXT,
    issued_at BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    exact BIGINT NOT NULL,
    UNIQUE (connection_id, thumbprint)
);
CREATE INDEX certificates_current ON certificates (owner_id, not_after) WHERE replaced_by IS NULL;
CREATE INDEX certificates_by_holder ON certificates (owner_id, holder, not_after);

CREATE TABLE sessions (
    id_hash BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    idle_until BIGINT NOT NULL,
    absolute_until BIGINT NOT NULL
);
CREATE INDEX sessions_subject ON sessions (subject);
CREATE INDEX sessions_idle_until ON sessions (idle_until);

CREATE TABLE admins (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE setup_links (
    link_hash BYTEA NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE audit (
    seq BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    origin TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    before_text TEXT,
    after_text TEXT,
    outcome TEXT NOT NULL,
    request_id TEXT NOT NULL,
    hash BYTEA NOT NULL
);

-- One row: the end of the chain, sealed, so that a cut tail is found.
CREATE TABLE audit_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    seal BYTEA NOT NULL
);
