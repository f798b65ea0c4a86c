-- Renewals of a certificate, and the certificate that renewed one, are looked
-- for by the thumbprint of the old one.
CREATE INDEX certificates_by_renews ON certificates (connection_id, renews)
    WHERE renews IS NOT NULL;
CREATE INDEX issuances_by_renews ON issuances (owner_id, renews, state)
    WHERE renews IS NOT NULL;

-- JSON: groups, further facts and spellings that requests may carry.
ALTER TABLE connections ADD COLUMN offer TEXT NOT NULL DEFAULT '{}';
