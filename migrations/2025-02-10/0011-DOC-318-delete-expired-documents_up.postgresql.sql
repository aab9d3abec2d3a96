-- Expired documents may hold personal data and must go. There is no down file:
-- what is deleted here cannot be brought back, and nothing should pretend that it can.
DELETE FROM documents WHERE expires_on < '2025-01-01';

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM documents WHERE expires_on < '2025-01-01') THEN
        RAISE EXCEPTION 'an expired document is still there';
    END IF;
END;
$$;
