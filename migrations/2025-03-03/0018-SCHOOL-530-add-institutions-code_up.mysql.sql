-- Every school gets a code that is required and unique: a column, its values, then the rules. The
-- table stays what it is, and so does all that hangs on it.
ALTER TABLE institutions ADD COLUMN code VARCHAR(20) AFTER id;

-- lpad() would cut off a longer number.
UPDATE institutions SET code = concat(
    CASE kind WHEN 'primary' THEN 'PRI' WHEN 'secondary' THEN 'SEC' ELSE 'VOC' END,
    '-', lpad(id, greatest(4, length(id)), '0')
);

ALTER TABLE institutions
    MODIFY COLUMN code VARCHAR(20) NOT NULL,
    ADD UNIQUE KEY institutions_code (code),
    ADD CONSTRAINT institutions_code_format CHECK (code REGEXP '^[A-Z][A-Z][A-Z]-[0-9]');

DROP TRIGGER institutions_touch;
CREATE TRIGGER institutions_touch BEFORE UPDATE ON institutions FOR EACH ROW
BEGIN
    IF NEW.code <> OLD.code
        OR CAST(NEW.name AS BINARY) <> CAST(OLD.name AS BINARY)
        OR CAST(NEW.city AS BINARY) <> CAST(OLD.city AS BINARY)
        OR NEW.kind <> OLD.kind THEN
        SET NEW.updated_at = CURRENT_TIMESTAMP;
    END IF;
END;
