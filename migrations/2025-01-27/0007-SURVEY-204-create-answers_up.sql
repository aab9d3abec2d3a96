-- STRICT: a scale answer is summed up later, and a word in a number column would count as 0.
CREATE TABLE answers (
    id          INTEGER PRIMARY KEY,
    question_id INTEGER NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    number      INTEGER,
    words       TEXT,
    answered_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (question_id, user_id),
    CHECK ((number IS NULL) <> (words IS NULL))
) STRICT;

CREATE INDEX answers_user ON answers (user_id);

INSERT INTO answers (question_id, user_id, number, words) VALUES
    (1, 3, 4, NULL),
    (2, 3, NULL, 'More fruit'),
    (3, 6, 7, NULL),
    (3, 7, 5, NULL),
    (4, 6, 0, NULL),
    (4, 7, 1, NULL);
