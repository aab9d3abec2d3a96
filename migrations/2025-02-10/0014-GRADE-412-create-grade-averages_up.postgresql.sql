-- Averages are computed when they are read: they can never be out of date.
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
GROUP BY users.id, institutions.id;
