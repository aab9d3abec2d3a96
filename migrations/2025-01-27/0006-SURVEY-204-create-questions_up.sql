-- A position is used once in a survey, so that the order of the questions is never in doubt.
CREATE TABLE questions (
    id        INTEGER PRIMARY KEY,
    survey_id INTEGER NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL CHECK (position > 0),
    kind      TEXT NOT NULL CHECK (kind IN ('scale', 'text', 'yes-no')),
    wording   TEXT NOT NULL,
    UNIQUE (survey_id, position)
);

INSERT INTO questions (id, survey_id, position, kind, wording) VALUES
    (1, 1, 1, 'scale',  'How do you like the food?'),
    (2, 1, 2, 'text',   'What is missing; what is too much?'),
    (3, 2, 1, 'scale',  'How many hours a week do you spend on homework?'),
    (4, 2, 2, 'yes-no', 'Is there time left for sports or music?');
