#include "compiler.h"

#include "private.h"

#include "options.h"
#include "query.h"

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
    sqlite3 *second = NULL;
    int code = sqlite3_open_v2(file, &second, SQLITE_OPEN_READWRITE, vfs);

    if (code == SQLITE_OK)
        code =
            sqlite3_busy_timeout(second, (int)mig_options_number(s, MIG_OPTION_LOCK_TIMEOUT));
    if (code == SQLITE_OK)
        code = sqlite3_exec(second, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(second, sql, NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        mig_session_fail_other(s, second, code);
        mig_session_context(s, "VACUUM on a second connection");
        if (s->outcome == MIG_FAILED)
            mig_session_hint(s, "the second connection has no functions or collations of the "
                                "application; run VACUUM by hand");
    }
    (void)sqlite3_close(second); /* it has no statements left */
}

void mig_private_vacuum(struct mig_session *s, const char *sql, size_t length)
{
    const char *file = sqlite3_db_filename(s->db, "main");
    sqlite3_vfs *vfs = NULL;
    char *copy;

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
