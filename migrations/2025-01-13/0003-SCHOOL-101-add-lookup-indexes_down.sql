DROP INDEX institutions_city;
DROP INDEX users_active_teachers;
DROP INDEX users_institution;
