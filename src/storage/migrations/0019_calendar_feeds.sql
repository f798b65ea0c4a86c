-- The secret addresses at which calendars read a person's reminders, one each: the
-- SHA-256 of the secret, and the language of the texts.
CREATE TABLE calendar_feeds (
    owner_id TEXT NOT NULL PRIMARY KEY REFERENCES owners (id),
    secret_hash BYTEA NOT NULL UNIQUE,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
