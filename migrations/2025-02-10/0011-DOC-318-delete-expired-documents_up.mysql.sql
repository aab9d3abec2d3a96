-- Expired documents may hold personal data and must go. There is no down file:
-- what is deleted here cannot be brought back, and nothing should pretend that it can.
DELETE FROM documents WHERE expires_on < '2025-01-01';

CREATE TEMPORARY TABLE assertion (
    holds INT NOT NULL,
    CONSTRAINT `an expired document is still there` CHECK (holds = 1)
);
INSERT INTO assertion SELECT count(*) = 0 FROM documents WHERE expires_on < '2025-01-01';
DROP TEMPORARY TABLE assertion;
