#include "compiler.h"

#include "transaction.h"

#include "clock.h"
#include "options.h"
#include "query.h"

/* Between two attempts to take a lock. Short against the time a person notices, long against the
 * time an attempt takes. */
#define RETRY_MILLISECONDS 10

/* The statement that keeps the connection busy: one that is not the caller's own, else that. */
static const char *find_busy(sqlite3 *db, const char *function)
{
    const char *own = "";

    for (sqlite3_stmt *st = sqlite3_next_stmt(db, NULL); st != NULL;
         st = sqlite3_next_stmt(db, st)) {
        const char *sql = sqlite3_sql(st);

        if (!sqlite3_stmt_busy(st) || sql == NULL)
            continue;
        if (sqlite3_strlike("%migrate_%", sql, 0) != 0)
            return sql;
        own = sql;
    }
    (void)function;
    return own;
}

void mig_transaction_guard_reader(struct mig_session *s, const char *function)
{
    if (!mig_session_ok(s))
        return;
    if (sqlite3_txn_state(s->db, NULL) != SQLITE_TXN_NONE) {
        const char *busy = find_busy(s->db, function);

        if (sqlite3_get_autocommit(s->db) != 0) {
            mig_session_fail(s, MIG_USAGE,
                             "%s: another statement of this connection is not done: %s",
                             function, busy);
            mig_session_hint(
                s,
                "read it to its end or reset it first, and call SELECT %s() without a "
                "FROM",
                function);
            return;
        }
    }
    if (sqlite3_get_autocommit(s->db) == 0) {
        mig_session_fail(s, MIG_USAGE, "%s: a transaction is open on this connection",
                         function);
        mig_session_hint(s, "COMMIT or ROLLBACK it first");
    }
}

void mig_transaction_guard(struct mig_session *s, const char *function)
{
    mig_transaction_guard_reader(s, function);
    if (!mig_session_ok(s))
        return;
    if (sqlite3_db_readonly(s->db, "main") == 1) {
        mig_session_fail(s, MIG_READ_ONLY, "%s: the database is read-only", function);
        return;
    }
    if (mig_query_integer(s, 0, "PRAGMA query_only") != 0) {
        mig_session_fail(s, MIG_READ_ONLY, "%s: PRAGMA query_only is on", function);
        mig_session_hint(s, "run PRAGMA query_only=OFF first");
    }
}

bool mig_transaction_is_open(const struct mig_session *s)
{
    return sqlite3_get_autocommit(s->db) == 0;
}

bool mig_transaction_retry(struct mig_session *s, int64_t start)
{
    if (s->outcome != MIG_LOCKED ||
        mig_clock_milliseconds() - start >= mig_options_number(s, MIG_OPTION_LOCK_TIMEOUT))
        return false;
    mig_session_forget(s, NULL);
    mig_clock_wait(RETRY_MILLISECONDS);
    return true;
}

static void execute_patiently(struct mig_session *s, const char *sql)
{
    const int64_t start = mig_clock_milliseconds();

    if (!mig_session_ok(s))
        return;
    do
        mig_query_execute(s, "%s", sql);
    while (mig_transaction_retry(s, start));
}

void mig_transaction_begin(struct mig_session *s)
{
    /* Loads the schema, so that a rollback after an interrupt does not need the parser. */
    execute_patiently(s, "SELECT 1 FROM sqlite_schema LIMIT 1");
    mig_transaction_keep_brake(s);
    execute_patiently(s, "BEGIN IMMEDIATE");
    s->has_transaction = mig_session_ok(s);
}

int64_t mig_transaction_objects(struct mig_session *s, const char *schema)
{
    return mig_query_integer(s, 0, "SELECT count(*) FROM \"%w\".sqlite_schema", schema);
}

int64_t mig_transaction_pin(struct mig_session *s)
{
    const int64_t start = mig_clock_milliseconds();
    int64_t objects;

    mig_transaction_keep_brake(s);
    mig_query_execute(s, "BEGIN");
    s->has_transaction = mig_session_ok(s);
    if (!mig_session_ok(s))
        return 0;
    do
        objects = mig_transaction_objects(s, "main");
    while (mig_transaction_retry(s, start));
    return objects;
}

void mig_transaction_adopt(struct mig_session *s)
{
    s->has_transaction = mig_transaction_is_open(s);
}

void mig_transaction_keep_brake(struct mig_session *s)
{
    sqlite3_stmt *brake = mig_query_prepare(s, "ROLLBACK");

    /* The old one may still work when there is no memory for a new one. */
    if (brake == NULL)
        return;
    mig_query_finish(s->brake);
    s->brake = brake;
}

sqlite3_stmt *mig_transaction_hold_brake(struct mig_session *s)
{
    sqlite3_stmt *brake = mig_query_prepare(s, "EXPLAIN ROLLBACK");

    (void)mig_query_step(s, brake);
    return brake;
}

static void end_transaction(struct mig_session *s)
{
    s->has_transaction = false;
    mig_query_finish(s->brake);
    s->brake = NULL;
}

void mig_transaction_commit(struct mig_session *s)
{
    execute_patiently(s, "COMMIT");
    if (!mig_session_ok(s))
        mig_transaction_rollback(s);
    else
        end_transaction(s);
}

void mig_transaction_rollback(struct mig_session *s)
{
    sqlite3_blob *blob = NULL;

    if (!s->has_transaction) {
        end_transaction(s);
        return;
    }
    /* What these return says less than whether the transaction is still there. The brake comes first:
     * to compile anything can outdate it. */
    if (mig_transaction_is_open(s) && s->brake != NULL)
        (void)sqlite3_step(s->brake);
    if (mig_transaction_is_open(s))
        (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    /* A virtual table that was stopped in the midst of its own statements leaves a read lock. */
    if (sqlite3_txn_state(s->db, "main") != SQLITE_TXN_NONE) {
        (void)sqlite3_blob_open(s->db, "main", "sqlite_schema", "sql", 1, 1, &blob);
        (void)sqlite3_blob_close(blob);
    }
    end_transaction(s);
    if (mig_transaction_is_open(s)) {
        mig_session_fail(s, MIG_INTERRUPTED, "the transaction could not be rolled back");
        mig_session_context(s, "the transaction is still open");
        mig_session_hint(s, "run ROLLBACK on this connection; nothing of it is committed");
    }
}

bool mig_transaction_interrupted(struct mig_session *s)
{
    return sqlite3_exec(s->db, "SELECT 1", NULL, NULL, NULL) == SQLITE_INTERRUPT;
}

int64_t mig_transaction_data_version(struct mig_session *s)
{
    return mig_query_integer(s, 0, "PRAGMA main.data_version");
}
