-- The start page shows one line for each school, also for a school without users.
CREATE VIEW institution_overviews AS
SELECT
    institutions.code,
    institutions.name,
    count(CASE WHEN users.role = 'student' THEN 1 END) AS students,
    count(CASE WHEN users.role = 'teacher' AND users.active THEN 1 END) AS active_teachers,
    (SELECT count(*) FROM surveys WHERE surveys.institution_id = institutions.id) AS surveys,
    (SELECT count(*) FROM documents WHERE documents.institution_id = institutions.id) AS documents
FROM institutions
LEFT JOIN users ON users.institution_id = institutions.id
GROUP BY institutions.id, institutions.code, institutions.name;
