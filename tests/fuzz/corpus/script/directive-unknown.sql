-- migrate: batch users 1000
SELECT 1;
-- migrate: allow nothing: x
