-- percent is stored, because reports sort by it.
CREATE TABLE grades (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    student_id BIGINT NOT NULL,
    teacher_id BIGINT,
    subject    VARCHAR(255) NOT NULL,
    exam_on    DATE NOT NULL,
    points     DOUBLE NOT NULL,
    max_points DOUBLE NOT NULL CHECK (max_points > 0),
    percent    DECIMAL(5, 1) GENERATED ALWAYS AS (round(100.0 * points / max_points, 1)) STORED,
    UNIQUE KEY grades_student_subject_exam (student_id, subject, exam_on),
    KEY grades_teacher (teacher_id),
    CONSTRAINT grades_of_student FOREIGN KEY (student_id)
        REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT grades_by_teacher FOREIGN KEY (teacher_id)
        REFERENCES users (id) ON DELETE SET NULL,
    CONSTRAINT grades_points CHECK (points BETWEEN 0 AND max_points)
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO grades (id, student_id, teacher_id, subject, exam_on, points, max_points) VALUES
    (1, 3, 2, 'Mathematics', '2025-01-15', 17,   20),
    (2, 3, 2, 'German',      '2025-01-22', 26.5, 30),
    (3, 6, 4, 'Physics',     '2025-01-17', 22,   40),
    (4, 7, 4, 'Physics',     '2025-01-17', 38,   40),
    (5, 7, 5, 'English',     '2025-01-24', 41,   50),
    (6, 9, 8, 'Chemistry',   '2025-01-30', 12,   25);
