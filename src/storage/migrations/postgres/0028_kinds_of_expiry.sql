CREATE OR REPLACE FUNCTION count_certificate_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.replaced_by IS NULL THEN
        UPDATE certificate_days SET number = number - 1
            WHERE owner_id = OLD.owner_id AND day = OLD.not_after / 86400000
            AND kind = COALESCE(OLD.kind, '');
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.replaced_by IS NULL THEN
        INSERT INTO certificate_days (owner_id, day, kind, number)
            VALUES (NEW.owner_id, NEW.not_after / 86400000, COALESCE(NEW.kind, ''), 1)
            ON CONFLICT (owner_id, day, kind)
            DO UPDATE SET number = certificate_days.number + 1;
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER certificate_days ON certificates;
CREATE TRIGGER certificate_days
    AFTER INSERT OR DELETE OR UPDATE OF owner_id, not_after, kind, replaced_by
    ON certificates
    FOR EACH ROW EXECUTE FUNCTION count_certificate_days();
