-- The triggers go first: without the table each change of a grade would fail.
DROP TRIGGER grades_log_delete ON grades;
DROP TRIGGER grades_log_update ON grades;
DROP FUNCTION log_grade_delete();
DROP FUNCTION log_grade_update();
DROP TABLE grade_changes;
