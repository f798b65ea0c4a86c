-- How many people signed in since a time.
CREATE INDEX sign_ins_by_time ON sign_ins (created_at);
