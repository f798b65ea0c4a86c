-- How many certificates of an owner that were not replaced expire on each day, days counted
-- from 1970 in UTC. Triggers keep the numbers: a page that shows a year of them need not
-- count thousands of rows.
CREATE TABLE certificate_days (
    owner_id TEXT NOT NULL,
    day BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (owner_id, day)
);
INSERT INTO certificate_days (owner_id, day, number)
    SELECT owner_id, not_after / 86400000, COUNT(*) FROM certificates
    WHERE replaced_by IS NULL GROUP BY owner_id, not_after / 86400000;
