ALTER TABLE grades
    DROP CONSTRAINT grades_letter,
    DROP COLUMN letter;
