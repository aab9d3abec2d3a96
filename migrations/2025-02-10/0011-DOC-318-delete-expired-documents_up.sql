-- Expired documents may hold personal data and must go. There is no down file:
-- what is deleted here cannot be brought back, and nothing should pretend that it can.
DELETE FROM documents WHERE expires_on < '2025-01-01';

SELECT migrate_assert(
    (SELECT count(*) FROM documents WHERE expires_on < '2025-01-01') = 0,
    'an expired document is still there'
);
