#include "compiler.h"

#include "private.h"

#include "options.h"
#include "query.h"

sqlite3 *mig_private_open(struct mig_session *s, const char *file, const char *vfs)
{
    const int memory = SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
    sqlite3 *db = NULL;
    int code;

    if (!mig_session_ok(s))
        return NULL;
    code = sqlite3_open_v2(file == NULL ? ":memory:" : file, &db,
                           SQLITE_OPEN_READWRITE | (file == NULL ? memory : 0), vfs);
    if (code == SQLITE_OK)
        return db;
    mig_session_fail_other(s, db, code);
    mig_private_close(db);
    return NULL;
}

void mig_private_close(sqlite3 *db)
{
    /* It refuses only when there are statements left. */
    (void)sqlite3_close(db);
}

/* The switches of sqlite3_db_config() that decide what SQL means. */
static const int switches[] = {
    SQLITE_DBCONFIG_ENABLE_FKEY,
    SQLITE_DBCONFIG_ENABLE_TRIGGER,
    SQLITE_DBCONFIG_ENABLE_VIEW,
    SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
    SQLITE_DBCONFIG_DEFENSIVE,
    SQLITE_DBCONFIG_WRITABLE_SCHEMA,
    SQLITE_DBCONFIG_TRUSTED_SCHEMA,
    SQLITE_DBCONFIG_LEGACY_ALTER_TABLE,
    SQLITE_DBCONFIG_LEGACY_FILE_FORMAT,
    SQLITE_DBCONFIG_DQS_DML,
    SQLITE_DBCONFIG_DQS_DDL,
};

/* The pragmas that do so, and have no switch. */
static const char *const flags[] = {"automatic_index",           "full_column_names",
                                    "ignore_check_constraints",  "recursive_triggers",
                                    "reverse_unordered_selects", "short_column_names"};

/* The pragma cannot be asked for what it was set to; LIKE can, unless the application has one of its own
 * that fails. */
static void liken_like(struct mig_session *s, struct mig_session *other)
{
    static const char question[] = "SELECT 'a' LIKE 'A'";
    struct mig_session probe;

    mig_session_init(&probe, s->db, s->options);
    if (mig_query_integer(&probe, 1, question) == 0 &&
        mig_query_integer(other, 0, question) != 0)
        mig_query_execute(other, "PRAGMA case_sensitive_like=ON");
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(s, &probe);
    mig_session_release(&probe);
}

void mig_private_liken(struct mig_session *s, sqlite3 *private_db)
{
    struct mig_session other;

    if (!mig_session_ok(s))
        return;
    mig_session_init(&other, private_db, s->options);
    for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
        int value = -1;

        /* An SQLite that does not know one of them has nothing to copy. */
        if (sqlite3_db_config(s->db, switches[i], -1, &value) == SQLITE_OK)
            (void)sqlite3_db_config(private_db, switches[i], value, NULL);
    }
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        const int64_t value = mig_query_integer(s, 0, "PRAGMA %s", flags[i]);

        mig_query_execute(&other, "PRAGMA %s=%lld", flags[i], value);
    }
    liken_like(s, &other);
    for (int id = 0; id <= SQLITE_LIMIT_WORKER_THREADS; id++)
        (void)sqlite3_limit(private_db, id, sqlite3_limit(s->db, id, -1));
    mig_session_take(s, &other);
    mig_session_release(&other);
}

static bool is_locked_exclusively(struct mig_session *s)
{
    sqlite3_stmt *query = mig_query_prepare(s, "PRAGMA main.locking_mode");
    bool exclusive = false;

    if (mig_query_step(s, query)) {
        const char *mode = (const char *)sqlite3_column_text(query, 0);

        exclusive = mode != NULL && strcmp(mode, "exclusive") == 0;
    }
    mig_query_finish(query);
    return exclusive;
}

static void vacuum_with(struct mig_session *s, const char *file, const char *vfs,
                        const char *sql)
{
    sqlite3 *second = mig_private_open(s, file, vfs);
    int code = SQLITE_OK;

    if (second != NULL)
        code =
            sqlite3_busy_timeout(second, (int)mig_options_number(s, MIG_OPTION_LOCK_TIMEOUT));
    if (second != NULL && code == SQLITE_OK)
        code = sqlite3_exec(second, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    if (second != NULL && code == SQLITE_OK)
        code = sqlite3_exec(second, sql, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        mig_session_fail_other(s, second, code);
    mig_session_context(s, "VACUUM on a second connection");
    if (s->outcome == MIG_FAILED)
        mig_session_hint(s, "the second connection has no functions or collations of the "
                            "application; run VACUUM by hand");
    mig_private_close(second);
}

/* True while the connection runs a statement: on the user's, the one that has called us. */
static bool is_running(sqlite3 *db)
{
    sqlite3_stmt *statement = sqlite3_next_stmt(db, NULL);

    while (statement != NULL && sqlite3_stmt_busy(statement) == 0)
        statement = sqlite3_next_stmt(db, statement);
    return statement != NULL;
}

void mig_private_vacuum(struct mig_session *s, const char *sql, size_t length)
{
    const char *file = sqlite3_db_filename(s->db, "main");
    sqlite3_vfs *vfs = NULL;
    char *copy;

    if (mig_session_ok(s) && !is_running(s->db)) {
        mig_query_execute(s, "%.*s", (int)length, sql);
        return;
    }
    if (!mig_session_ok(s))
        return;
    if (file == NULL || file[0] == '\0') {
        mig_session_fail(s, MIG_USAGE, "VACUUM cannot run: the database has no file");
        mig_session_hint(s, "a database in memory has nothing to gain from VACUUM");
        return;
    }
    if (is_locked_exclusively(s)) {
        mig_session_fail(s, MIG_USAGE, "VACUUM cannot run: locking_mode is exclusive");
        mig_session_hint(s, "run PRAGMA locking_mode=NORMAL and read from the database first");
    }
    if (!mig_session_ok(s))
        return;
    copy = sqlite3_mprintf("%.*s", (int)length, sql);
    if (copy == NULL)
        mig_session_fail_memory(s);
    else if (sqlite3_file_control(s->db, "main", SQLITE_FCNTL_VFS_POINTER, &vfs) != SQLITE_OK ||
             vfs == NULL)
        mig_session_fail(s, MIG_USAGE,
                         "VACUUM cannot run: the VFS of the database is not known");
    else
        vacuum_with(s, file, vfs->zName, copy);
    sqlite3_free(copy);
}
