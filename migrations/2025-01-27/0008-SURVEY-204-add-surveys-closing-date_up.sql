-- Surveys used to stay open for ever. Those that exist get four weeks.
ALTER TABLE surveys ADD COLUMN closes_on TEXT CHECK (closes_on > opens_on);

UPDATE surveys SET closes_on = date(opens_on, '+28 days');

-- date() gives NULL for a day that does not exist; such a survey would never close.
SELECT migrate_assert(
    (SELECT count(*) FROM surveys WHERE closes_on IS NULL) = 0,
    'a survey has no closing date'
);

CREATE INDEX surveys_closing ON surveys (closes_on) WHERE closes_on IS NOT NULL;
