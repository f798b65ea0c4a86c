-- Partners besides the one that is there from the start.
CREATE TABLE partners (
    name TEXT PRIMARY KEY,
    shared_key TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
