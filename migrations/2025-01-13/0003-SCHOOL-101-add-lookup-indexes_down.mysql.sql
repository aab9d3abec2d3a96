-- In one statement: the foreign key is never without an index.
ALTER TABLE users
    DROP KEY users_active_teachers,
    DROP KEY users_institution,
    ADD KEY users_institution_only (institution_id);

DROP INDEX institutions_city ON institutions;
