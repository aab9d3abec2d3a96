-- percent is stored, because reports sort by it.
CREATE TABLE grades (
    id         INTEGER PRIMARY KEY,
    student_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    teacher_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
    subject    TEXT NOT NULL,
    exam_on    TEXT NOT NULL CHECK (exam_on GLOB '????-??-??'),
    points     REAL NOT NULL,
    max_points REAL NOT NULL CHECK (max_points > 0),
    percent    REAL GENERATED ALWAYS AS (round(100.0 * points / max_points, 1)) STORED,
    UNIQUE (student_id, subject, exam_on),
    CHECK (points BETWEEN 0 AND max_points)
);

CREATE INDEX grades_teacher ON grades (teacher_id);

INSERT INTO grades (id, student_id, teacher_id, subject, exam_on, points, max_points) VALUES
    (1, 3, 2, 'Mathematics', '2025-01-15', 17,   20),
    (2, 3, 2, 'German',      '2025-01-22', 26.5, 30),
    (3, 6, 4, 'Physics',     '2025-01-17', 22,   40),
    (4, 7, 4, 'Physics',     '2025-01-17', 38,   40),
    (5, 7, 5, 'English',     '2025-01-24', 41,   50),
    (6, 9, 8, 'Chemistry',   '2025-01-30', 12,   25);
