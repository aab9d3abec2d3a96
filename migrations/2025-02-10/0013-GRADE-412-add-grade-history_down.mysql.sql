-- The triggers go first: without the table each change of a grade would fail.
DROP TRIGGER institutions_delete_users;
DROP TRIGGER users_delete_grades;
DROP TRIGGER grades_log_delete;
DROP TRIGGER grades_log_update;
DROP TABLE grade_changes;
