CREATE TABLE certificate_days (
    owner_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (owner_id, kind, day)
) WITHOUT ROWID;
INSERT INTO certificate_days (owner_id, kind, day, number)
    SELECT owner_id, COALESCE(kind, ''), not_after / 86400000, COUNT(*) FROM certificates
    WHERE replaced_by IS NULL GROUP BY owner_id, COALESCE(kind, ''), not_after / 86400000;
INSERT INTO certificate_days (owner_id, kind, day, number)
    SELECT owner_id, 'all', day, SUM(number) FROM certificate_days GROUP BY owner_id, day;
DROP TRIGGER certificate_days_new;
DROP TRIGGER certificate_days_gone;
DROP TRIGGER certificate_days_changed;
CREATE TRIGGER certificate_days_new AFTER INSERT ON certificates
    WHEN NEW.replaced_by IS NULL
BEGIN
    INSERT INTO certificate_days (owner_id, kind, day, number)
        VALUES (NEW.owner_id, 'all', NEW.not_after / 86400000, 1),
            (NEW.owner_id, COALESCE(NEW.kind, ''), NEW.not_after / 86400000, 1)
        ON CONFLICT (owner_id, kind, day) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER certificate_days_gone AFTER DELETE ON certificates
    WHEN OLD.replaced_by IS NULL
BEGIN
    UPDATE certificate_days SET number = number - 1
        WHERE owner_id = OLD.owner_id AND day = OLD.not_after / 86400000
        AND kind IN ('all', COALESCE(OLD.kind, ''));
END;
CREATE TRIGGER certificate_days_changed
    AFTER UPDATE OF owner_id, not_after, kind, replaced_by ON certificates
BEGIN
    UPDATE certificate_days SET number = number - 1
        WHERE OLD.replaced_by IS NULL AND owner_id = OLD.owner_id
        AND day = OLD.not_after / 86400000 AND kind IN ('all', COALESCE(OLD.kind, ''));
    INSERT INTO certificate_days (owner_id, kind, day, number)
        SELECT NEW.owner_id, one.kind, NEW.not_after / 86400000, 1
        FROM (SELECT 'all' AS kind UNION ALL SELECT COALESCE(NEW.kind, '')) one
        WHERE NEW.replaced_by IS NULL
        ON CONFLICT (owner_id, kind, day) DO UPDATE SET number = number + 1;
END;
