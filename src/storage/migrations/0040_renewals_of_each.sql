-- One certificate is renewed once by each owner, from however many drafts. Whoever only names
-- somebody else's must not keep its holder from renewing it.
DROP INDEX issuances_connection_id_renews_key;
CREATE UNIQUE INDEX issuances_owner_id_renews_key ON issuances (owner_id, renews)
    WHERE state IN ('creating', 'key_created', 'finalizing', 'unknown');
