PRAGMA foreign_keys;
PRAGMA main.foreign_keys = ON;
PRAGMA cache_size(-2000);
PRAGMA "main".'synchronous' = [off];
PRAGMA wal_checkpoint(TRUNCATE);
PRAGMA temp_store = memory;
PRAGMA user_version = +7;
