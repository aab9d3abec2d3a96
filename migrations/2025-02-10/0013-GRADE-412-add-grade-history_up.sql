-- No foreign key: the history outlives the grade it tells about.
CREATE TABLE grade_changes (
    id         INTEGER PRIMARY KEY,
    grade_id   INTEGER NOT NULL,
    action     TEXT NOT NULL CHECK (action IN ('raised', 'lowered', 'deleted')),
    old_points REAL NOT NULL,
    new_points REAL,
    changed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;

CREATE INDEX grade_changes_grade ON grade_changes (grade_id);

CREATE TRIGGER grades_log_update AFTER UPDATE OF points ON grades
WHEN NEW.points <> OLD.points
BEGIN
    INSERT INTO grade_changes (grade_id, action, old_points, new_points)
    VALUES (
        OLD.id,
        CASE WHEN NEW.points > OLD.points THEN 'raised' ELSE 'lowered' END,
        OLD.points,
        NEW.points
    );
END;

CREATE TRIGGER grades_log_delete AFTER DELETE ON grades
BEGIN
    INSERT INTO grade_changes (grade_id, action, old_points)
    VALUES (OLD.id, 'deleted', OLD.points);
END;
