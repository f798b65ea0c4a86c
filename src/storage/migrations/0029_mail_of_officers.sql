-- The address at which an officer hears of outcomes that are not known.
CREATE TABLE mail_officers (
    admin_id TEXT NOT NULL PRIMARY KEY REFERENCES admins (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    language TEXT NOT NULL
);
