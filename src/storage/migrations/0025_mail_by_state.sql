-- How much mail waits, and how much could not be sent, without reading what was sent.
CREATE INDEX mail_outbox_by_state ON mail_outbox (state, created_at, id);
