CREATE TABLE certificate_days (
    owner_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (owner_id, kind, day)
);
INSERT INTO certificate_days (owner_id, kind, day, number)
    SELECT owner_id, COALESCE(kind, ''), not_after / 86400000, COUNT(*) FROM certificates
    WHERE replaced_by IS NULL GROUP BY owner_id, COALESCE(kind, ''), not_after / 86400000;
INSERT INTO certificate_days (owner_id, kind, day, number)
    SELECT owner_id, 'all', day, SUM(number) FROM certificate_days GROUP BY owner_id, day;
-- In one order everywhere, so that nobody waits for somebody who waits for them.
CREATE OR REPLACE FUNCTION count_certificate_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.replaced_by IS NULL THEN
        UPDATE certificate_days SET number = number - 1
            WHERE owner_id = OLD.owner_id AND kind = 'all' AND day = OLD.not_after / 86400000;
        UPDATE certificate_days SET number = number - 1
            WHERE owner_id = OLD.owner_id AND kind = COALESCE(OLD.kind, '')
            AND day = OLD.not_after / 86400000;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.replaced_by IS NULL THEN
        INSERT INTO certificate_days (owner_id, kind, day, number)
            VALUES (NEW.owner_id, 'all', NEW.not_after / 86400000, 1),
                (NEW.owner_id, COALESCE(NEW.kind, ''), NEW.not_after / 86400000, 1)
            ON CONFLICT (owner_id, kind, day)
            DO UPDATE SET number = certificate_days.number + 1;
    END IF;
    RETURN NULL;
END $$;
