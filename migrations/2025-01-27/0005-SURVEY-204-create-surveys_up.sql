CREATE TABLE surveys (
    id             INTEGER PRIMARY KEY,
    institution_id INTEGER NOT NULL REFERENCES institutions (id) ON DELETE CASCADE,
    author_id      INTEGER REFERENCES users (id) ON DELETE SET NULL,
    title          TEXT NOT NULL,
    opens_on       TEXT NOT NULL CHECK (opens_on GLOB '????-??-??'),
    UNIQUE (institution_id, title)
);

CREATE INDEX surveys_author ON surveys (author_id);

INSERT INTO surveys (id, institution_id, author_id, title, opens_on) VALUES
    (1, 1, 1, 'School lunch', '2025-01-20'),
    (2, 2, 4, 'Homework and spare time', '2025-02-03');
