-- Every school gets a code that is required and unique. ALTER TABLE cannot add such a column,
-- so the table is built anew: create, copy, drop, rename, and what hung on it again.
-- users, surveys and documents refer to it with ON DELETE CASCADE; their rows stay, because
-- foreign keys are not enforced while the old table is dropped.
CREATE TABLE institutions_new (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE CHECK (code GLOB '[A-Z][A-Z][A-Z]-[0-9]*'),
    name       TEXT NOT NULL UNIQUE,
    city       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('primary', 'secondary', 'vocational')),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO institutions_new (id, code, name, city, kind, created_at, updated_at)
SELECT
    id,
    CASE kind WHEN 'primary' THEN 'PRI' WHEN 'secondary' THEN 'SEC' ELSE 'VOC' END
        || printf('-%04d', id),
    name, city, kind, created_at, updated_at
FROM institutions;

-- A view that names the table would stop the renaming.
DROP VIEW grade_averages;

-- Takes the index and the trigger of the old table with it.
DROP TABLE institutions;
ALTER TABLE institutions_new RENAME TO institutions;

CREATE INDEX institutions_city ON institutions (city);

CREATE TRIGGER institutions_touch
AFTER UPDATE OF code, name, city, kind ON institutions
BEGIN
    UPDATE institutions SET updated_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
END;

CREATE VIEW grade_averages AS
SELECT
    institutions.name AS institution,
    users.id AS student_id,
    users.full_name AS student,
    count(*) AS exams,
    round(avg(grades.percent), 1) AS average_percent
FROM grades
JOIN users ON users.id = grades.student_id
JOIN institutions ON institutions.id = users.institution_id
GROUP BY users.id;

SELECT migrate_assert(
    (SELECT count(*) FROM users WHERE institution_id NOT IN (SELECT id FROM institutions)) = 0,
    'a user has lost the school'
);
