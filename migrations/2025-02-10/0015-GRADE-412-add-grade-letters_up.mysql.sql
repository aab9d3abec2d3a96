-- School reports show letters. The letter is a column of its own and not computed, because a
-- teacher may decide otherwise.
ALTER TABLE grades
    ADD COLUMN letter VARCHAR(1),
    ADD CONSTRAINT grades_letter CHECK (letter IN ('A', 'B', 'C', 'D', 'F'));

UPDATE grades SET letter = CASE
    WHEN percent >= 90 THEN 'A'
    WHEN percent >= 80 THEN 'B'
    WHEN percent >= 65 THEN 'C'
    WHEN percent >= 50 THEN 'D'
    ELSE 'F'
END;

CREATE TEMPORARY TABLE assertion (
    holds INT NOT NULL,
    CONSTRAINT `a grade has no letter` CHECK (holds = 1)
);
INSERT INTO assertion SELECT count(*) = 0 FROM grades WHERE letter IS NULL;
DROP TEMPORARY TABLE assertion;
