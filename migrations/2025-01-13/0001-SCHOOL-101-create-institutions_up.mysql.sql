-- Everything else belongs to a school, so the schools come first.
-- Texts are compared byte by byte, unless a column says otherwise.
CREATE TABLE institutions (
    id         BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name       VARCHAR(255) NOT NULL UNIQUE,
    city       VARCHAR(255) NOT NULL,
    kind       VARCHAR(20) NOT NULL CHECK (kind IN ('primary', 'secondary', 'vocational')),
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO institutions (id, name, city, kind) VALUES
    (1, 'Lakeside Primary School', 'Konstanz', 'primary'),
    (2, 'Riverside Grammar School', 'Bremen', 'secondary'),
    (3, 'St. Mary''s Technical College', 'Dublin', 'vocational');
