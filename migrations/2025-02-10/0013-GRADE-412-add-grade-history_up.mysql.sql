-- No foreign key: the history outlives the grade it tells about.
CREATE TABLE grade_changes (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    grade_id   BIGINT NOT NULL,
    action     VARCHAR(20) NOT NULL CHECK (action IN ('raised', 'lowered', 'deleted')),
    old_points DOUBLE NOT NULL,
    new_points DOUBLE,
    changed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY grade_changes_grade (grade_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TRIGGER grades_log_update AFTER UPDATE ON grades FOR EACH ROW
BEGIN
    IF NEW.points <> OLD.points THEN
        INSERT INTO grade_changes (grade_id, action, old_points, new_points)
        VALUES (
            OLD.id,
            CASE WHEN NEW.points > OLD.points THEN 'raised' ELSE 'lowered' END,
            OLD.points,
            NEW.points
        );
    END IF;
END;

CREATE TRIGGER grades_log_delete AFTER DELETE ON grades FOR EACH ROW
BEGIN
    INSERT INTO grade_changes (grade_id, action, old_points)
    VALUES (OLD.id, 'deleted', OLD.points);
END;

-- What a foreign key deletes fires no trigger here. So the grades of a user, and the users of a school,
-- are deleted by name before the foreign keys come to it.
CREATE TRIGGER users_delete_grades BEFORE DELETE ON users FOR EACH ROW
BEGIN
    DELETE FROM grades WHERE student_id = OLD.id;
END;

CREATE TRIGGER institutions_delete_users BEFORE DELETE ON institutions FOR EACH ROW
BEGIN
    DELETE FROM users WHERE institution_id = OLD.id;
END;
