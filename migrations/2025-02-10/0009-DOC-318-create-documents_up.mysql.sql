-- title and body are going to be searched, and a search looks past case and accents.
CREATE TABLE documents (
    id             BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    institution_id BIGINT NOT NULL,
    owner_id       BIGINT,
    title          VARCHAR(255) COLLATE utf8mb4_general_ci NOT NULL,
    body           MEDIUMTEXT COLLATE utf8mb4_general_ci NOT NULL,
    issued_on      DATE NOT NULL,
    expires_on     DATE,
    KEY documents_institution (institution_id),
    KEY documents_owner (owner_id),
    CONSTRAINT documents_of_institution FOREIGN KEY (institution_id)
        REFERENCES institutions (id) ON DELETE CASCADE,
    CONSTRAINT documents_of_owner FOREIGN KEY (owner_id)
        REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT documents_expire_after_issue CHECK (expires_on >= issued_on)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO documents (id, institution_id, owner_id, title, body, issued_on, expires_on) VALUES
    (1, 1, 1, 'House rules', 'Shoes off in the gym. No phones during lessons.', '2023-08-15', NULL),
    (2, 1, 2, 'Trip to the lake 2023', 'Bring a rain coat and a packed lunch.', '2023-05-02', '2023-06-30'),
    (3, 2, 4, 'Timetable winter 2024', 'Physics moves to room 12 on Mondays.', '2024-02-01', '2024-07-31'),
    (4, 2, 4, 'Timetable winter 2025', 'Physics is back in room 7.', '2025-02-01', '2025-07-31'),
    (5, 3, 8, 'Laboratory safety', 'Wear goggles. A café is not a place for acids.', '2024-09-01', NULL);
