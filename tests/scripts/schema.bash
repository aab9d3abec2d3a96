# Schema dumps: the programs, as a person calls them, and schemas that are worth one.

# To be called in setup(), after use_scratch.
use_schema() {
    use_front_database
    unset MIGRATE_BACKUP_DIR MIGRATE_SCRIPTS
    main=database/schema/main.sql
}

dump() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$root/scripts/schema-dump.sh" "$@" </dev/null
}

restore() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$root/scripts/schema-restore.sh" "$@" </dev/null
}

# Applies what is pending, up to a version, to a database.
apply() { # <file> [<version>]
    sqlite3 -batch -bail -init /dev/null "$1" ".load $extension" "SELECT migrate_apply(NULL, ${2-NULL})" >/dev/null
}

fingerprint() { # <file>
    sqlite3 -batch -bail -init /dev/null "$1" ".load $extension" 'SELECT migrate_fingerprint()'
}

# Runs statements on a database; rows on standard output.
ask() { # <file> <sql>...
    sqlite3 -batch -bail -init /dev/null "$@"
}

# The example of the project in place of the empty folder.
use_example() {
    rm -r migrations
    cp -R "$root/migrations" migrations
    export MIGRATE_SCRIPTS=on
}

# The same, of an application that only ever uses SQLite.
use_example_of_sqlite() {
    use_example
    rm migrations/*/*.postgresql.sql migrations/*/*.mysql.sql
}

# An operation from standard input.
operation_from() { # <version> <description>
    mkdir -p migrations/2025-01-10
    cat >"migrations/2025-01-10/$1-TASK-1-$2_up.sql"
}

# Ten operations that make one of each kind of object.
use_all_kinds() {
    operation_from 0001 tables <<'SQL'
CREATE TABLE "select" ("from" INTEGER PRIMARY KEY AUTOINCREMENT, "we""ird" TEXT DEFAULT 'it''s
two lines', x GENERATED ALWAYS AS ("from" * 2) STORED, y AS (x + 1));
CREATE TABLE kv (k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID;
CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER REFERENCES zz_parent (id) ON DELETE CASCADE);
CREATE TABLE zz_parent (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE UNIQUE, CHECK (name <> ';'));
SQL
    operation_from 0002 odd-names <<'SQL'
CREATE TABLE [br ack] (a);
CREATE TABLE `tick``` (b);
CREATE TABLE "new
line" (c /* a ; comment, and a ' */, d);
CREATE TABLE "ə%s\n" (e -- a comment ; "
);
SQL
    operation_from 0003 rows <<'SQL'
INSERT INTO "select" ("we""ird") VALUES ('a'), ('b');
INSERT INTO kv VALUES ('x', 1);
ANALYZE;
SQL
    operation_from 0004 search <<'SQL'
CREATE TABLE docs (id INTEGER PRIMARY KEY, title, body);
CREATE VIRTUAL TABLE docs_fts USING fts5(title, body, content='docs', content_rowid='id');
CREATE VIRTUAL TABLE docs_vocab USING fts5vocab('docs_fts', 'row');
CREATE VIRTUAL TABLE aaa USING fts4(content="docs", title, body);
CREATE VIRTUAL TABLE geo USING rtree(id, x0, x1);
CREATE TABLE geo_notes (a);
CREATE TABLE docs_config (a);
SQL
    operation_from 0005 views <<'SQL'
CREATE VIEW z_view AS SELECT k, v, CASE WHEN v THEN '
.quit' END AS command FROM kv;
CREATE VIEW a_view AS SELECT * FROM z_view -- a comment at the end
;
SQL
    operation_from 0006 triggers <<'SQL'
CREATE TRIGGER z_view_insert INSTEAD OF INSERT ON z_view
BEGIN
    INSERT INTO kv VALUES (NEW.k, NEW.v);
    SELECT 1;
END -- a comment at the end
;
CREATE TABLE fired (name);
CREATE TRIGGER second AFTER INSERT ON docs BEGIN INSERT INTO fired VALUES ('second'); END;
CREATE TRIGGER first AFTER INSERT ON docs BEGIN INSERT INTO fired VALUES ('first'); END;
SQL
    operation_from 0007 indexes <<'SQL'
CREATE INDEX child_p ON child (p) WHERE p IS NOT NULL;
CREATE UNIQUE INDEX "i""x" ON "select" ("we""ird" COLLATE NOCASE DESC, lower("we""ird"));
SQL
    printf 'CREATE TABLE crlf (\r\n    a\r\n);\r\n' | operation_from 0008 line-ends
    printf 'CREATE TABLE cr (a); -- \\r\r\n' | operation_from 0009 carriage-returns
    operation_from 0010 changes <<'SQL'
ALTER TABLE child ADD COLUMN note TEXT DEFAULT ';';
ALTER TABLE zz_parent RENAME TO parent;
ALTER TABLE docs RENAME COLUMN title TO heading;
SQL
    printf -- '-- \1 \33 \177\n' >>migrations/2025-01-10/0010-TASK-1-changes_up.sql
}
