-- migrate: no-transaction
PRAGMA journal_mode = WAL;
VACUUM;
ATTACH ':memory:' AS other;
DETACH other;
BEGIN; COMMIT;
