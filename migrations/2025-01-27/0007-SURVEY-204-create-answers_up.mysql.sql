-- An answer is a number or words, never both: a scale answer is summed up later.
CREATE TABLE answers (
    id          BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    question_id BIGINT NOT NULL,
    user_id     BIGINT NOT NULL,
    number      BIGINT,
    words       TEXT,
    answered_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    UNIQUE KEY answers_question_user (question_id, user_id),
    KEY answers_user (user_id),
    CONSTRAINT answers_to_question FOREIGN KEY (question_id)
        REFERENCES questions (id) ON DELETE CASCADE,
    CONSTRAINT answers_of_user FOREIGN KEY (user_id)
        REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT answers_number_or_words CHECK ((number IS NULL) <> (words IS NULL))
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO answers (question_id, user_id, number, words) VALUES
    (1, 3, 4, NULL),
    (2, 3, NULL, 'More fruit'),
    (3, 6, 7, NULL),
    (3, 7, 5, NULL),
    (4, 6, 0, NULL),
    (4, 7, 1, NULL);
