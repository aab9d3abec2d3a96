-- The first index takes the place of the one that the foreign key has used so far. The second has all
-- users in it, because there are no partial indexes.
ALTER TABLE users
    DROP KEY users_institution_only,
    ADD KEY users_institution (institution_id, last_name),
    ADD KEY users_active_teachers (institution_id, role, active);

CREATE INDEX institutions_city ON institutions (city);
