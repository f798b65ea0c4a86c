-- Up to which entry of the audit the webhook's receiver was told, and until when a node
-- is at it.
CREATE TABLE webhook (
    id BIGINT NOT NULL PRIMARY KEY,
    told BIGINT NOT NULL,
    held_until BIGINT NOT NULL
);
