-- The trigger goes first: a column that it lists cannot be dropped.
DROP TRIGGER institutions_touch ON institutions;
ALTER TABLE institutions DROP COLUMN code;

CREATE TRIGGER institutions_touch
BEFORE UPDATE OF name, city, kind ON institutions
FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
