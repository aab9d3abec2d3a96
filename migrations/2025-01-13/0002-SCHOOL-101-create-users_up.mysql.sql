-- Students and teachers are both users: they log in the same way and only the role differs.
-- An e-mail address is unique whatever its case, because people type it either way.
CREATE TABLE users (
    id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    institution_id BIGINT NOT NULL,
    role           VARCHAR(20) NOT NULL CHECK (role IN ('student', 'teacher', 'head')),
    email          VARCHAR(255) COLLATE utf8mb4_general_ci NOT NULL UNIQUE CHECK (email LIKE '_%@_%._%'),
    first_name     VARCHAR(255) NOT NULL,
    last_name      VARCHAR(255) NOT NULL,
    full_name      VARCHAR(511) GENERATED ALWAYS AS (concat(first_name, ' ', last_name)) VIRTUAL,
    active         BOOLEAN NOT NULL DEFAULT TRUE CHECK (active IN (0, 1)),
    created_at     TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at     TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    KEY users_institution_only (institution_id),
    CONSTRAINT users_of_institution FOREIGN KEY (institution_id)
        REFERENCES institutions (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO users (id, institution_id, role, email, first_name, last_name, active) VALUES
    (1, 1, 'head',    'helga.sommer@lakeside.example',   'Helga',   'Sommer',   1),
    (2, 1, 'teacher', 'tom.becker@lakeside.example',     'Tom',     'Becker',   1),
    (3, 1, 'student', 'mia.kurz@lakeside.example',       'Mia',     'Kurz',     1),
    (4, 2, 'teacher', 'ines.vogt@riverside.example',     'Ines',    'Vogt',     1),
    (5, 2, 'teacher', 'karl.ohm@riverside.example',      'Karl',    'Ohm',      0),
    (6, 2, 'student', 'jonas.brandt@riverside.example',  'Jonas',   'Brandt',   1),
    (7, 2, 'student', 'leyla.aydin@riverside.example',   'Leyla',   'Aydın',    1),
    (8, 3, 'teacher', 'niamh.obrien@stmarys.example',    'Niamh',   'O''Brien', 1),
    (9, 3, 'student', 'sean.kelly@stmarys.example',      'Seán',    'Kelly',    1);
