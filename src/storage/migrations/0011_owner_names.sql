-- Who an owner is: the way in, the domain or '', and the subject that the server
-- names, at one server (see src/domain/owner_name.rs). An owner may have several
-- names: old ones had used both ways in.
CREATE TABLE owner_names (
    connection_id TEXT NOT NULL REFERENCES connections (id),
    server TEXT NOT NULL,
    way TEXT NOT NULL,
    domain TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- The subject with the letters A to Z in lower case.
    folded TEXT NOT NULL,
    -- Of an old owner, whose name was never compared by case.
    any_case BIGINT NOT NULL,
    owner_id TEXT NOT NULL REFERENCES owners (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (connection_id, server, way, domain, subject)
);
CREATE INDEX owner_names_folded ON owner_names (connection_id, server, way, folded);
CREATE INDEX owner_names_owner_id ON owner_names (owner_id);

-- The name by the rule before this migration. Owners made since then have their id
-- here, so that nobody finds them by it.
ALTER TABLE owners RENAME COLUMN login TO old_name;
ALTER TABLE owners RENAME COLUMN shown TO login;

-- By which ways in an old owner may still be taken over, and at which server: '' until
-- the end of the first start with this migration.
ALTER TABLE owners ADD COLUMN redirect_open BIGINT NOT NULL DEFAULT 0;
ALTER TABLE owners ADD COLUMN direct_open BIGINT NOT NULL DEFAULT 0;
ALTER TABLE owners ADD COLUMN old_server TEXT NOT NULL DEFAULT '';
-- Somebody whom the server did not name was an owner for that one sign-in.
UPDATE owners SET redirect_open = 1 WHERE EXISTS (
    SELECT 1 FROM sign_ins WHERE sign_ins.owner_id = owners.id
        AND sign_ins.method = 'redirect' AND '?' || sign_ins.id <> owners.old_name);
UPDATE owners SET direct_open = 1 WHERE EXISTS (
    SELECT 1 FROM sign_ins WHERE sign_ins.owner_id = owners.id
        AND sign_ins.method = 'direct' AND '?' || sign_ins.id <> owners.old_name);
CREATE INDEX owners_not_tied ON owners (connection_id)
    WHERE old_server = '' AND (redirect_open = 1 OR direct_open = 1);
