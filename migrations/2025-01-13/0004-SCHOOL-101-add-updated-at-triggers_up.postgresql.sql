-- The database keeps updated_at itself, so that no program can forget it.
CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := CURRENT_TIMESTAMP;
    RETURN NEW;
END;
$$;

-- Each trigger lists its columns without updated_at, which can still be set by itself.
CREATE TRIGGER institutions_touch
BEFORE UPDATE OF name, city, kind ON institutions
FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TRIGGER users_touch
BEFORE UPDATE OF institution_id, role, email, first_name, last_name, active ON users
FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
