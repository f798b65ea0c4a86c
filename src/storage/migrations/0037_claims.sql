-- A thumbprint that somebody only named proves nothing, so several people may name the same
-- one: `claimed` has it, and `thumbprint`, which is unique, is followed by a blank and the
-- owner then, until the file is shown or a request leads to the certificate.
ALTER TABLE certificates ADD COLUMN claimed TEXT;
UPDATE certificates SET claimed = thumbprint, thumbprint = thumbprint || ' ' || owner_id,
    sha1 = NULL, sha256 = NULL
    WHERE origin = 'thumbprint' AND issuance_id IS NULL;
CREATE INDEX certificates_by_claim ON certificates (connection_id, claimed)
    WHERE claimed IS NOT NULL;
