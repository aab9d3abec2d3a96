-- Everything else belongs to a school, so the schools come first.
CREATE TABLE institutions (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    city       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('primary', 'secondary', 'vocational')),
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO institutions (id, name, city, kind) VALUES
    (1, 'Lakeside Primary School', 'Konstanz', 'primary'),
    (2, 'Riverside Grammar School', 'Bremen', 'secondary'),
    (3, 'St. Mary''s Technical College', 'Dublin', 'vocational');
