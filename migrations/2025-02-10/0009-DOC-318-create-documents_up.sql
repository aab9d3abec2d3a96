CREATE TABLE documents (
    id             INTEGER PRIMARY KEY,
    institution_id INTEGER NOT NULL REFERENCES institutions (id) ON DELETE CASCADE,
    owner_id       INTEGER REFERENCES users (id) ON DELETE SET NULL,
    title          TEXT NOT NULL,
    body           TEXT NOT NULL,
    issued_on      TEXT NOT NULL CHECK (issued_on GLOB '????-??-??'),
    expires_on     TEXT CHECK (expires_on >= issued_on)
);

CREATE INDEX documents_institution ON documents (institution_id);
CREATE INDEX documents_owner ON documents (owner_id);

INSERT INTO documents (id, institution_id, owner_id, title, body, issued_on, expires_on) VALUES
    (1, 1, 1, 'House rules', 'Shoes off in the gym. No phones during lessons.', '2023-08-15', NULL),
    (2, 1, 2, 'Trip to the lake 2023', 'Bring a rain coat and a packed lunch.', '2023-05-02', '2023-06-30'),
    (3, 2, 4, 'Timetable winter 2024', 'Physics moves to room 12 on Mondays.', '2024-02-01', '2024-07-31'),
    (4, 2, 4, 'Timetable winter 2025', 'Physics is back in room 7.', '2025-02-01', '2025-07-31'),
    (5, 3, 8, 'Laboratory safety', 'Wear goggles. A café is not a place for acids.', '2024-09-01', NULL);
