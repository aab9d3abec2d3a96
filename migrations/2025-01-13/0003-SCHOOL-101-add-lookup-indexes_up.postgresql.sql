-- PostgreSQL makes no index for a foreign key, and without this one deleting a school reads every user.
CREATE INDEX users_institution ON users (institution_id, last_name);

-- Time tables ask for active teachers only, a small part of the table: a partial index is enough.
CREATE INDEX users_active_teachers ON users (institution_id)
    WHERE role = 'teacher' AND active;

CREATE INDEX institutions_city ON institutions (city);
