-- Every school gets a code that is required and unique: a column, its values, then the rules. The
-- table stays what it is, and so does all that hangs on it.
ALTER TABLE institutions ADD COLUMN code text;

-- lpad() would cut off a longer number.
UPDATE institutions SET code =
    CASE kind WHEN 'primary' THEN 'PRI' WHEN 'secondary' THEN 'SEC' ELSE 'VOC' END
        || '-' || lpad(id::text, greatest(4, length(id::text)), '0');

ALTER TABLE institutions
    ALTER COLUMN code SET NOT NULL,
    ADD CONSTRAINT institutions_code_key UNIQUE (code),
    ADD CONSTRAINT institutions_code_check CHECK (code COLLATE "C" ~ '^[A-Z][A-Z][A-Z]-[0-9]');

DROP TRIGGER institutions_touch ON institutions;
CREATE TRIGGER institutions_touch
BEFORE UPDATE OF code, name, city, kind ON institutions
FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
