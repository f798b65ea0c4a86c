-- What came of a used token, sealed, for a second request with the same token
-- from the same browser. Removed once the attempt has expired.
ALTER TABLE attempts ADD COLUMN outcome BYTEA;
