-- The database keeps updated_at itself, so that no program can forget it. A trigger cannot list its
-- columns here; it compares them, byte by byte. updated_at can still be set by itself.
CREATE TRIGGER institutions_touch BEFORE UPDATE ON institutions FOR EACH ROW
BEGIN
    IF CAST(NEW.name AS BINARY) <> CAST(OLD.name AS BINARY)
        OR CAST(NEW.city AS BINARY) <> CAST(OLD.city AS BINARY)
        OR NEW.kind <> OLD.kind THEN
        SET NEW.updated_at = CURRENT_TIMESTAMP;
    END IF;
END;

CREATE TRIGGER users_touch BEFORE UPDATE ON users FOR EACH ROW
BEGIN
    IF NEW.institution_id <> OLD.institution_id
        OR NEW.role <> OLD.role
        OR CAST(NEW.email AS BINARY) <> CAST(OLD.email AS BINARY)
        OR CAST(NEW.first_name AS BINARY) <> CAST(OLD.first_name AS BINARY)
        OR CAST(NEW.last_name AS BINARY) <> CAST(OLD.last_name AS BINARY)
        OR NEW.active <> OLD.active THEN
        SET NEW.updated_at = CURRENT_TIMESTAMP;
    END IF;
END;
