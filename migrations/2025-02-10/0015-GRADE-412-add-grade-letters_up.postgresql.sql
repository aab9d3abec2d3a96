-- School reports show letters. The letter is a column of its own and not computed, because a
-- teacher may decide otherwise.
ALTER TABLE grades ADD COLUMN letter text CHECK (letter IN ('A', 'B', 'C', 'D', 'F'));

UPDATE grades SET letter = CASE
    WHEN percent >= 90 THEN 'A'
    WHEN percent >= 80 THEN 'B'
    WHEN percent >= 65 THEN 'C'
    WHEN percent >= 50 THEN 'D'
    ELSE 'F'
END;

DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM grades WHERE letter IS NULL) THEN
        RAISE EXCEPTION 'a grade has no letter';
    END IF;
END;
$$;
