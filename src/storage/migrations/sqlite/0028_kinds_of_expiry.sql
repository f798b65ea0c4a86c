DROP TRIGGER certificate_days_new;
DROP TRIGGER certificate_days_gone;
DROP TRIGGER certificate_days_changed;
CREATE TRIGGER certificate_days_new AFTER INSERT ON certificates
    WHEN NEW.replaced_by IS NULL
BEGIN
    INSERT INTO certificate_days (owner_id, day, kind, number)
        VALUES (NEW.owner_id, NEW.not_after / 86400000, COALESCE(NEW.kind, ''), 1)
        ON CONFLICT (owner_id, day, kind) DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER certificate_days_gone AFTER DELETE ON certificates
    WHEN OLD.replaced_by IS NULL
BEGIN
    UPDATE certificate_days SET number = number - 1
        WHERE owner_id = OLD.owner_id AND day = OLD.not_after / 86400000
        AND kind = COALESCE(OLD.kind, '');
END;
CREATE TRIGGER certificate_days_changed
    AFTER UPDATE OF owner_id, not_after, kind, replaced_by ON certificates
BEGIN
    UPDATE certificate_days SET number = number - 1
        WHERE OLD.replaced_by IS NULL AND owner_id = OLD.owner_id
        AND day = OLD.not_after / 86400000 AND kind = COALESCE(OLD.kind, '');
    INSERT INTO certificate_days (owner_id, day, kind, number)
        SELECT NEW.owner_id, NEW.not_after / 86400000, COALESCE(NEW.kind, ''), 1
        WHERE NEW.replaced_by IS NULL
        ON CONFLICT (owner_id, day, kind) DO UPDATE SET number = number + 1;
END;
