CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
-- migrate: no-transaction
VACUUM;
