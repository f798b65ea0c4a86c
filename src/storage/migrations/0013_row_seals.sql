-- What a row says is sealed with the master key, so that a change made past the
-- portal shows. The seal covers the audit entry of the row's last change, too.
ALTER TABLE connections ADD COLUMN audit_seq BIGINT;
ALTER TABLE connections ADD COLUMN audit_hash BYTEA;
ALTER TABLE connections ADD COLUMN row_seal BYTEA;
ALTER TABLE admins ADD COLUMN audit_seq BIGINT;
ALTER TABLE admins ADD COLUMN audit_hash BYTEA;
ALTER TABLE admins ADD COLUMN row_seal BYTEA;
