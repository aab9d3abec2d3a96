-- Surveys used to stay open for ever. Those that exist get four weeks.
ALTER TABLE surveys
    ADD COLUMN closes_on DATE,
    ADD CONSTRAINT surveys_close_after_opening CHECK (closes_on > opens_on),
    ADD KEY surveys_closing (closes_on);

UPDATE surveys SET closes_on = date_add(opens_on, INTERVAL 28 DAY);

-- A survey without one would never close. The name of the constraint is what the error shows.
CREATE TEMPORARY TABLE assertion (
    holds INT NOT NULL,
    CONSTRAINT `a survey has no closing date` CHECK (holds = 1)
);
INSERT INTO assertion SELECT count(*) = 0 FROM surveys WHERE closes_on IS NULL;
DROP TEMPORARY TABLE assertion;
