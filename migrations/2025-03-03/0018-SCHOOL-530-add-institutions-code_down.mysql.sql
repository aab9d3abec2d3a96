-- The trigger goes first: it would look for a column that is not there any more.
DROP TRIGGER institutions_touch;
ALTER TABLE institutions
    DROP CONSTRAINT institutions_code_format,
    DROP KEY institutions_code,
    DROP COLUMN code;

CREATE TRIGGER institutions_touch BEFORE UPDATE ON institutions FOR EACH ROW
BEGIN
    IF CAST(NEW.name AS BINARY) <> CAST(OLD.name AS BINARY)
        OR CAST(NEW.city AS BINARY) <> CAST(OLD.city AS BINARY)
        OR NEW.kind <> OLD.kind THEN
        SET NEW.updated_at = CURRENT_TIMESTAMP;
    END IF;
END;
