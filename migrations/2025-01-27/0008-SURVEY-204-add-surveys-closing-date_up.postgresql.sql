-- Surveys used to stay open for ever. Those that exist get four weeks.
ALTER TABLE surveys ADD COLUMN closes_on date CHECK (closes_on > opens_on);

UPDATE surveys SET closes_on = opens_on + 28;

-- A survey without one would never close.
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM surveys WHERE closes_on IS NULL) THEN
        RAISE EXCEPTION 'a survey has no closing date';
    END IF;
END;
$$;

CREATE INDEX surveys_closing ON surveys (closes_on) WHERE closes_on IS NOT NULL;
