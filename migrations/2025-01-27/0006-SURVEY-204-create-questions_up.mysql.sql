-- A position is used once in a survey, so that the order of the questions is never in doubt.
CREATE TABLE questions (
    id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    survey_id BIGINT NOT NULL,
    position  INT NOT NULL CHECK (position > 0),
    kind      VARCHAR(20) NOT NULL CHECK (kind IN ('scale', 'text', 'yes-no')),
    wording   TEXT NOT NULL,
    UNIQUE KEY questions_survey_position (survey_id, position),
    CONSTRAINT questions_of_survey FOREIGN KEY (survey_id)
        REFERENCES surveys (id) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO questions (id, survey_id, position, kind, wording) VALUES
    (1, 1, 1, 'scale',  'How do you like the food?'),
    (2, 1, 2, 'text',   'What is missing; what is too much?'),
    (3, 2, 1, 'scale',  'How many hours a week do you spend on homework?'),
    (4, 2, 2, 'yes-no', 'Is there time left for sports or music?');
