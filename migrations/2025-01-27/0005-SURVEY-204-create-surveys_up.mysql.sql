CREATE TABLE surveys (
    id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    institution_id BIGINT NOT NULL,
    author_id      BIGINT,
    title          VARCHAR(255) NOT NULL,
    opens_on       DATE NOT NULL,
    UNIQUE KEY surveys_institution_title (institution_id, title),
    KEY surveys_author (author_id),
    CONSTRAINT surveys_of_institution FOREIGN KEY (institution_id)
        REFERENCES institutions (id) ON DELETE CASCADE,
    CONSTRAINT surveys_of_author FOREIGN KEY (author_id)
        REFERENCES users (id) ON DELETE SET NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO surveys (id, institution_id, author_id, title, opens_on) VALUES
    (1, 1, 1, 'School lunch', '2025-01-20'),
    (2, 2, 4, 'Homework and spare time', '2025-02-03');
