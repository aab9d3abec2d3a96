-- The database keeps updated_at itself, so that no program can forget it.
-- Each trigger lists its columns without updated_at: its own UPDATE does not fire it again.
CREATE TRIGGER institutions_touch
AFTER UPDATE OF name, city, kind ON institutions
BEGIN
    UPDATE institutions SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
END;

CREATE TRIGGER users_touch
AFTER UPDATE OF institution_id, role, email, first_name, last_name, active ON users
BEGIN
    UPDATE users SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
END;
