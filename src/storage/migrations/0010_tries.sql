-- How much of each allowance of tries at passwords and sign-ins is spent: when it
-- will be whole again. The id is a keyed hash of an address, a name or a browser.
CREATE TABLE tries (
    id BYTEA NOT NULL PRIMARY KEY,
    whole_at BIGINT NOT NULL
);
CREATE INDEX tries_whole_at ON tries (whole_at);
