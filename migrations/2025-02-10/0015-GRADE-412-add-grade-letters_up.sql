-- School reports show letters. The letter is a column of its own and not computed, because a
-- teacher may decide otherwise.
ALTER TABLE grades ADD COLUMN letter TEXT CHECK (letter IN ('A', 'B', 'C', 'D', 'F'));

UPDATE grades SET letter = CASE
    WHEN percent >= 90 THEN 'A'
    WHEN percent >= 80 THEN 'B'
    WHEN percent >= 65 THEN 'C'
    WHEN percent >= 50 THEN 'D'
    ELSE 'F'
END;

SELECT migrate_assert(
    (SELECT count(*) FROM grades WHERE letter IS NULL) = 0,
    'a grade has no letter'
);
