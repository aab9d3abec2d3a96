#include "compiler.h"

#include "copy.h"

#include "private.h"
#include "query.h"
#include "transaction.h"

/* Bytes between two looks at whether the copy was interrupted. */
#define STRETCH_BYTES ((int64_t)16 * 1024 * 1024)

/* The file is thrown away when anything goes wrong, so its own journal would protect nothing. */
static const char careless[] = "PRAGMA locking_mode=EXCLUSIVE;PRAGMA synchronous=OFF;"
                               "PRAGMA journal_mode=OFF";

/* Copies stretch by stretch. The source cannot change under it, so nothing is copied twice. */
static int step_pages(struct mig_session *s, sqlite3_backup *backup)
{
    const int64_t page = mig_query_integer(s, 4096, "PRAGMA main.page_size");
    const int pages = (int)(STRETCH_BYTES / (page > 0 ? page : 1));
    int code = SQLITE_OK;

    while (mig_session_ok(s) && code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, pages);
        if (code == SQLITE_OK && mig_transaction_interrupted(s))
            mig_session_fail(s, MIG_INTERRUPTED, "interrupted");
    }
    return code;
}

/* Copies into a connection that is careless already. Returns a code of SQLite's. */
static int copy_pages(struct mig_session *s, sqlite3 *second)
{
    sqlite3_backup *backup = sqlite3_backup_init(second, "main", s->db, "main");

    if (backup == NULL)
        return sqlite3_errcode(second);
    (void)step_pages(s, backup);
    /* It returns what a step has failed with. */
    return sqlite3_backup_finish(backup);
}

void mig_copy_pages(struct mig_session *s, sqlite3 *second)
{
    int code;

    if (!mig_session_ok(s))
        return;
    code = copy_pages(s, second);
    if (code != SQLITE_OK)
        mig_session_fail_other(s, second, code);
}

static void copy_into(struct mig_session *s, sqlite3 *second)
{
    int code = sqlite3_exec(second, careless, NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = copy_pages(s, second);
    /* The copy of a database in WAL mode is in WAL mode, and would make companions wherever it is read. */
    if (code == SQLITE_OK && mig_session_ok(s))
        code = sqlite3_exec(second, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        mig_session_fail_other(s, second, code);
}

void mig_copy_make(struct mig_session *s, const char *file, struct mig_copy *out_copy)
{
    sqlite3 *second;

    memset(out_copy, 0, sizeof(*out_copy));
    out_copy->violations = -1;
    out_copy->objects = mig_transaction_pin(s);
    if (mig_session_ok(s) && out_copy->objects == 0) {
        mig_session_fail(s, MIG_MISSING, "the database is empty");
        mig_session_hint(s, "a wrong path opens an empty database: check it");
    }
    second = mig_private_open(s, file, NULL);
    if (second != NULL) {
        copy_into(s, second);
        mig_private_close(second);
    }
    mig_transaction_rollback(s);
}

/* Fails unless the schema `schema` of the session's connection is sound. */
static void check_integrity(struct mig_session *s, const char *schema)
{
    sqlite3_stmt *check = mig_query_prepare(s, "PRAGMA %s.integrity_check(1)", schema);

    if (mig_query_step(s, check)) {
        const char *verdict = (const char *)sqlite3_column_text(check, 0);

        if (verdict == NULL || strcmp(verdict, "ok") != 0) {
            mig_session_fail(s, MIG_CORRUPT, "the copy is not sound: %s",
                             verdict == NULL ? "no verdict" : verdict);
            mig_session_hint(s, "the database itself may be damaged: run PRAGMA "
                                "integrity_check, and keep the snapshots that you have");
        }
    }
    mig_query_finish(check);
}

static void check_objects(struct mig_session *s, const char *schema,
                          const struct mig_copy *copy)
{
    const int64_t objects = mig_transaction_objects(s, schema);

    if (mig_session_ok(s) && objects != copy->objects)
        mig_session_fail(s, MIG_CORRUPT, "the copy has %lld objects, the database %lld",
                         objects, copy->objects);
}

/* A foreign key that fits no unique key of its parent cannot be searched; that is no fault of the copy. */
static void count_violations(struct mig_session *s, const char *schema, struct mig_copy *copy)
{
    struct mig_session probe;
    sqlite3_stmt *check;
    int64_t violations = 0;

    mig_session_init(&probe, s->db, s->options);
    check = mig_query_prepare(&probe, "PRAGMA %s.foreign_key_check", schema);
    while (mig_query_step(&probe, check))
        violations++;
    mig_query_finish(check);
    if (mig_session_ok(&probe))
        copy->violations = violations;
    else if (probe.outcome != MIG_FAILED)
        mig_session_take(s, &probe);
    mig_session_release(&probe);
}

static void check_all(struct mig_session *s, const char *schema, struct mig_copy *copy)
{
    check_integrity(s, schema);
    check_objects(s, schema, copy);
    if (mig_session_ok(s))
        count_violations(s, schema, copy);
}

/* The name that the copy has in the user's connection, for as long as it is checked there. */
#define ATTACHED "migrate_snapshot"

static void check_attached(struct mig_session *s, const char *file, struct mig_copy *copy)
{
    struct mig_session detaching;

    mig_query_execute(s, "ATTACH %Q AS " ATTACHED, file);
    if (!mig_session_ok(s))
        return;
    check_all(s, ATTACHED, copy);
    mig_session_init(&detaching, s->db, s->options);
    mig_query_execute(&detaching, "DETACH " ATTACHED);
    mig_session_take(s, &detaching);
    mig_session_release(&detaching);
}

void mig_copy_check(struct mig_session *s, const char *file, struct mig_copy *copy)
{
    sqlite3 *second = mig_private_open(s, file, NULL);
    struct mig_session other;
    bool lacks_application;

    if (second == NULL)
        return;
    mig_session_init(&other, second, s->options);
    check_all(&other, "main", copy);
    lacks_application = other.outcome == MIG_FAILED;
    if (!lacks_application)
        mig_session_take(s, &other);
    mig_session_release(&other);
    mig_private_close(second);
    if (lacks_application)
        check_attached(s, file, copy);
}
