#include "compiler.h"

#include "stage.h"

#include "copy.h"
#include "file.h"
#include "private.h"
#include "query.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What the journal and the growth of a copy may need besides, as a part of it. */
#define ROOM_PART 4

/* While pages are copied there is nothing that could be rolled back to. */
static const char careless[] = "PRAGMA synchronous=OFF;PRAGMA journal_mode=OFF;"
                               "PRAGMA cache_size=-65536";

static bool is_folder(const char *path)
{
    struct stat status;

    return path != NULL && path[0] != '\0' && stat(path, &status) == 0 &&
           S_ISDIR(status.st_mode) && access(path, W_OK | X_OK) == 0;
}

/* The folder that SQLite takes for temporary files, owned by the caller; NULL on a failed session. */
static char *find_folder(struct mig_session *s)
{
    static const char *const usual[] = {"/var/tmp", "/usr/tmp", "/tmp"};
    sqlite3_stmt *query = mig_query_prepare(s, "PRAGMA temp_store_directory");
    const char *folder = NULL;
    char *copy;

    if (mig_query_step(s, query))
        folder = (const char *)sqlite3_column_text(query, 0);
    if (!is_folder(folder))
        folder = getenv("SQLITE_TMPDIR");
    if (!is_folder(folder))
        folder = getenv("TMPDIR");
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]) && !is_folder(folder); i++)
        folder = usual[i];
    copy = sqlite3_mprintf("%s", is_folder(folder) ? folder : ".");
    if (copy == NULL)
        mig_session_fail_memory(s);
    mig_query_finish(query);
    if (mig_session_ok(s))
        return copy;
    sqlite3_free(copy);
    return NULL;
}

static void check_room(struct mig_session *s, const char *folder, int64_t bytes)
{
    const int64_t wanted = bytes + bytes / ROOM_PART;
    struct statvfs status;
    int64_t room;

    /* Where it cannot be asked, the copy itself will find out. */
    if (!mig_session_ok(s) || statvfs(folder, &status) != 0)
        return;
    room = (int64_t)status.f_bavail * (int64_t)status.f_frsize;
    if (room >= wanted)
        return;
    mig_session_fail(
        s, MIG_IO, "there is no room for the copy: %s has %lld bytes left, and %lld are wanted",
        folder, room, wanted);
    mig_session_hint(s, "name a folder with more room in the variable SQLITE_TMPDIR");
}

/* Makes an empty file that only the owner can read. */
static void make_file(struct mig_session *s, const char *folder, struct mig_stage *stage)
{
    char *path;
    int fd;

    if (!mig_session_ok(s))
        return;
    path = sqlite3_mprintf("%s/migrate-rehearsal-XXXXXX", folder);
    if (path == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    fd = mkstemp(path);
    if (fd >= 0 && close(fd) == 0) {
        stage->path = path;
        return;
    }
    mig_file_fail(s, "make a temporary file", path, errno);
    sqlite3_free(path);
}

/* Opens the empty database; true when it is in memory. */
static bool choose_place(struct mig_session *s, bool has_name, struct mig_stage *stage)
{
    const int64_t bytes = mig_query_integer(s, 0, "PRAGMA main.page_count") *
                          mig_query_integer(s, 0, "PRAGMA main.page_size");
    char *folder;

    if (!has_name && bytes <= MIG_STAGE_MEMORY_BYTES) {
        stage->db = mig_private_open(s, NULL, NULL);
        return true;
    }
    folder = find_folder(s);
    if (folder != NULL)
        check_room(s, folder, bytes);
    if (has_name)
        make_file(s, folder, stage);
    sqlite3_free(folder);
    stage->db = mig_private_open(s, has_name ? stage->path : "", NULL);
    return false;
}

static void run_pragmas(struct mig_session *s, sqlite3 *db, const char *pragmas)
{
    int code;

    if (!mig_session_ok(s))
        return;
    code = sqlite3_exec(db, pragmas, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        mig_session_fail_other(s, db, code);
}

/*
 * Sees to it that transactions can be rolled back, which they could not without a journal. One that is not
 * deleted needs not be made again. This takes the copy out of WAL mode, too.
 */
static void keep_journal(struct mig_session *s, sqlite3 *db, bool is_in_memory)
{
    const char *mode = is_in_memory ? "memory" : "truncate";
    struct mig_session copy;
    sqlite3_stmt *query;

    if (!mig_session_ok(s))
        return;
    mig_session_init(&copy, db, s->options);
    query = mig_query_prepare(&copy, "PRAGMA main.journal_mode=%s", mode);
    if (mig_query_step(&copy, query)) {
        const char *got = (const char *)sqlite3_column_text(query, 0);

        if (got == NULL || strcmp(got, mode) != 0)
            mig_session_fail(&copy, MIG_FAILED, "it has no journal");
    }
    mig_query_finish(query);
    mig_session_take(s, &copy);
    mig_session_release(&copy);
}

void mig_stage_open(struct mig_session *s, bool has_name, struct mig_stage *out_stage)
{
    bool is_in_memory;

    memset(out_stage, 0, sizeof(*out_stage));
    if (mig_session_ok(s) && sqlite3_txn_state(s->db, "main") == SQLITE_TXN_WRITE) {
        mig_session_fail(s, MIG_USAGE,
                         "a transaction with changes is open, and cannot be copied");
        mig_session_hint(s, "COMMIT or ROLLBACK it first");
    }
    is_in_memory = choose_place(s, has_name, out_stage);
    run_pragmas(s, out_stage->db, careless);
    mig_copy_pages(s, out_stage->db);
    keep_journal(s, out_stage->db, is_in_memory);
    mig_session_context(s, "cannot copy the database for the rehearsal");
}

void mig_stage_close(struct mig_stage *stage)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};

    if (stage->db != NULL)
        mig_private_close(stage->db);
    for (size_t i = 0; stage->path != NULL && i < sizeof(endings) / sizeof(endings[0]); i++) {
        char *file = sqlite3_mprintf("%s%s", stage->path, endings[i]);

        if (file != NULL)
            (void)unlink(file); /* mostly the others are not there */
        sqlite3_free(file);
    }
    sqlite3_free(stage->path);
    memset(stage, 0, sizeof(*stage));
}
