-- Mail to be sent, each row once: what it is about as JSON, and who gets it (NULL: those
-- whom the configuration names). A row that is being sent is never claimed again: if
-- nobody says how that ended, it is not known whether the mail was sent.
CREATE TABLE mail_outbox (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    recipient TEXT,
    language TEXT NOT NULL,
    facts TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    said TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX mail_outbox_due ON mail_outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX mail_outbox_sending ON mail_outbox (updated_at) WHERE state = 'sending';
CREATE INDEX mail_outbox_by_age ON mail_outbox (created_at, id);

-- The address that a person has given, and whether reminders go there.
CREATE TABLE mail_people (
    owner_id TEXT NOT NULL PRIMARY KEY REFERENCES owners (id),
    address TEXT NOT NULL,
    language TEXT NOT NULL,
    reminders BIGINT NOT NULL,
    reminded_at BIGINT NOT NULL
);

-- Of which certificate somebody was reminded, how many days before its expiry.
CREATE TABLE mail_reminded (
    certificate_id TEXT NOT NULL REFERENCES certificates (id),
    days BIGINT NOT NULL,
    PRIMARY KEY (certificate_id, days)
);
