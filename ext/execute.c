#include "compiler.h"

#include "execute.h"

#include "clock.h"
#include "flags.h"
#include "foreign_key.h"
#include "harm.h"
#include "locate.h"
#include "options.h"
#include "private.h"
#include "query.h"
#include "script.h"
#include "transaction.h"
#include "violation.h"

/* Sets the enforcement, which outdates all prepared statements, the brake among them. */
static void enforce(struct mig_session *s, bool on)
{
    sqlite3_stmt *brake;

    if (!s->has_transaction || mig_foreign_keys_enforced(s) == on) {
        mig_foreign_keys_enforce(s, on);
        return;
    }
    brake = mig_transaction_hold_brake(s);
    mig_foreign_keys_enforce(s, on);
    mig_transaction_keep_brake(s);
    mig_query_finish(brake);
}

/* The integer at the head of the text; 0 when it does not fit, as SQLite has it. */
static unsigned long read_integer(const char *text)
{
    const bool is_hexadecimal = text[0] == '0' && text[1] == 'x';
    const char *digits = is_hexadecimal ? text + 2 : text;
    char *end;
    unsigned long value;

    /* What strtoul() passes over is no digit for SQLite. */
    if (strspn(digits, is_hexadecimal ? "0123456789abcdef" : "0123456789") == 0)
        return 0;
    value = strtoul(digits, &end, is_hexadecimal ? 16 : 10);
    return value > INT32_MAX ? 0 : value;
}

/* The value of a pragma that is a boolean, read as SQLite reads it: of an integer, the lowest byte. */
static bool is_true(const char *value)
{
    return strcmp(value, "on") == 0 || strcmp(value, "yes") == 0 ||
           strcmp(value, "true") == 0 || (read_integer(value) & 0xff) != 0;
}

/* True when the statement is PRAGMA foreign_keys with a value, which is then honoured. */
static bool set_enforcement(struct mig_session *s, const char *text, size_t length)
{
    struct mig_pragma pragma;

    mig_script_pragma(text, length, &pragma);
    if (strcmp(pragma.name, "foreign_keys") != 0 || !pragma.has_value)
        return false;
    enforce(s, is_true(pragma.value));
    return true;
}

/* Prepares and runs the statement once; *out_offset is where in the script it failed. */
static void attempt(struct mig_session *s, const struct mig_execution *execution,
                    const struct mig_statement *statement, size_t *out_offset)
{
    const char *text = execution->text + statement->start;
    size_t tail = 0;
    sqlite3_stmt *prepared = mig_query_prepare_text(s, text, &tail);

    *out_offset = statement->start;
    if (!mig_session_ok(s)) {
        const int offset = sqlite3_error_offset(s->db);

        if (offset >= 0)
            *out_offset += (size_t)offset;
        return;
    }
    if (statement->start + tail != statement->end)
        mig_session_fail(s, MIG_INVALID, "this statement ends elsewhere than SQLite says");
    mig_query_run(s, prepared);
    mig_query_finish(prepared);
}

/* Runs the statement. One that is a transaction of its own, or begins or ends one, waits for its locks. */
static void run_statement(struct mig_session *s, const struct mig_execution *execution,
                          const struct mig_statement *statement, size_t *out_offset)
{
    const bool waits =
        !execution->transactional &&
        (statement->kind == MIG_STATEMENT_TRANSACTION || !mig_transaction_is_open(s));
    const int64_t start = mig_clock_milliseconds();

    do
        attempt(s, execution, statement, out_offset);
    while (waits && mig_transaction_retry(s, start));
}

/*
 * These can outdate the brake and run out of memory behind that: at the latest when SQLite reads the
 * schema anew, which disconnects virtual tables. They destroy no table or index.
 */
static bool outdates_brake(const struct mig_statement *statement)
{
    return statement->kind == MIG_STATEMENT_BUILD || statement->kind == MIG_STATEMENT_ALTER ||
           statement->kind == MIG_STATEMENT_CREATE_BODY;
}

static void run_braked(struct mig_session *s, const struct mig_execution *execution,
                       const struct mig_statement *statement, size_t *out_offset)
{
    sqlite3_stmt *brake = mig_transaction_hold_brake(s);

    run_statement(s, execution, statement, out_offset);
    mig_transaction_keep_brake(s);
    mig_query_finish(brake);
}

static void drop_table(struct mig_session *s, const struct mig_execution *execution,
                       const struct mig_statement *statement, size_t *out_offset)
{
    const bool enforced = mig_foreign_keys_enforced(s);

    enforce(s, false);
    run_statement(s, execution, statement, out_offset);
    enforce(s, enforced);
}

static void run_one(struct mig_session *s, const struct mig_execution *execution,
                    const struct mig_statement *statement, size_t *out_offset)
{
    const char *text = execution->text + statement->start;
    const size_t length = statement->end - statement->start;

    *out_offset = statement->start;
    if (statement->kind == MIG_STATEMENT_DROP_TABLE)
        drop_table(s, execution, statement, out_offset);
    else if (execution->transactional && outdates_brake(statement))
        run_braked(s, execution, statement, out_offset);
    else if (statement->kind == MIG_STATEMENT_VACUUM)
        mig_private_vacuum(s, text, length);
    else if (statement->kind != MIG_STATEMENT_PRAGMA || !set_enforcement(s, text, length))
        run_statement(s, execution, statement, out_offset);
    if (execution->transactional && statement->kind != MIG_STATEMENT_WRITE &&
        !outdates_brake(statement))
        mig_transaction_keep_brake(s);
    if (execution->transactional && mig_session_ok(s) && !mig_transaction_is_open(s)) {
        mig_session_fail(s, MIG_FAILED, "this statement ended the transaction");
        mig_session_hint(s, "the engine opens and ends the transaction of an operation");
    }
}

static void run_statements(struct mig_session *s, struct mig_execution *execution)
{
    struct mig_statement statement;
    size_t position = 0;
    int64_t number = 0;

    while (mig_session_ok(s) &&
           mig_script_next(execution->text, execution->length, &position, &statement)) {
        size_t offset = statement.start;

        number++;
        execution->statements = number;
        execution->creates_body |= statement.kind == MIG_STATEMENT_CREATE_BODY;
        run_one(s, execution, &statement, &offset);
        if (!mig_session_ok(s)) {
            execution->statement = number;
            /* An interrupt in the midst of ALTER TABLE comes with an error of ALTER's own. */
            if (mig_transaction_interrupted(s))
                mig_session_reclassify(s, MIG_INTERRUPTED);
            mig_locate(s, execution->path, execution->text, execution->length, offset);
        }
    }
}

/*
 * Fails when a constraint is still put off: a COMMIT here would fail, so this operation does.
 * SQLite's count stands still while enforcement is off, so it can be too high afterwards. The part of
 * it that PRAGMA defer_foreign_keys has put off goes away with that pragma; the other part stays.
 */
static void end_deferral(struct mig_session *s, bool unenforced)
{
    if (mig_session_ok(s) && unenforced && mig_foreign_keys_deferred(s) &&
        mig_foreign_keys_satisfied(s)) {
        mig_query_execute(s, "PRAGMA defer_foreign_keys=OFF");
        if (mig_session_ok(s) && mig_foreign_keys_deferred(s)) {
            mig_session_fail(
                s, MIG_FAILED,
                "FOREIGN KEY constraint failed: SQLite counts a deferred constraint "
                "as violated, although each row has its parent");
            mig_session_hint(s,
                             "it does not count while foreign keys are off: delete or mend the "
                             "rows before DROP TABLE or PRAGMA foreign_keys");
        }
    }
    if (mig_session_ok(s) && mig_foreign_keys_deferred(s)) {
        mig_session_fail(s, MIG_FAILED,
                         "FOREIGN KEY constraint failed: a deferred constraint is "
                         "violated at the end of the operation");
        mig_session_hint(
            s, "repair the rows in the same operation; PRAGMA foreign_key_check lists "
               "them");
    }
    if (mig_query_integer(s, 0, "PRAGMA defer_foreign_keys") != 0)
        mig_query_execute(s, "PRAGMA defer_foreign_keys=OFF");
}

static enum mig_foreign_key_search choose_search(struct mig_session *s,
                                                 const struct mig_harm *harm, bool unenforced)
{
    const int mode = mig_options_choice(s, MIG_OPTION_FOREIGN_KEY_CHECK);

    if (mode == MIG_FOREIGN_KEY_ALL)
        return MIG_SEARCH_ALL;
    if (mode != MIG_FOREIGN_KEY_CHANGED)
        return MIG_SEARCH_NOTHING;
    if (harm->rows && unenforced)
        return MIG_SEARCH_ROWS;
    return harm->keys ? MIG_SEARCH_KEYS : MIG_SEARCH_NOTHING;
}

static void fail_violations(struct mig_session *s, const struct mig_execution *execution,
                            const struct mig_harm *harm, struct mig_foreign_keys *before,
                            struct mig_foreign_keys *now)
{
    if (!mig_session_ok(s))
        return;
    mig_violations_fail(s, harm, before, now);
    /* Without a transaction it is there to stay; what to do then is the caller's to say. */
    if (!execution->transactional) {
        sqlite3_free(s->hint);
        s->hint = NULL;
    }
}

static void run_checked(struct mig_session *s, struct mig_execution *execution, bool enforced)
{
    enum mig_foreign_key_search search;
    struct mig_foreign_keys before;
    struct mig_foreign_keys now;
    struct mig_harm harm;
    bool unenforced;

    mig_foreign_keys_init(&before);
    mig_foreign_keys_init(&now);
    mig_harm_init(&harm, execution->text, execution->length);
    unenforced = !enforced || harm.switches;
    search = choose_search(s, &harm, unenforced);
    if (search != MIG_SEARCH_NOTHING)
        mig_harm_read(s, &harm);
    mig_foreign_keys_find(s, &harm, search, NULL, &before);
    run_statements(s, execution);
    if (execution->transactional)
        end_deferral(s, unenforced);
    mig_foreign_keys_find(s, &harm, search, &before, &now);
    fail_violations(s, execution, &harm, &before, &now);
    mig_foreign_keys_release(&now);
    mig_foreign_keys_release(&before);
    mig_harm_release(&harm);
}

void mig_execute(struct mig_session *s, struct mig_execution *execution)
{
    const bool enforced = mig_foreign_keys_enforced(s);
    const sqlite3_int64 changes = sqlite3_total_changes64(s->db);
    struct mig_flags flags;

    execution->statement = 0;
    execution->statements = 0;
    execution->rows_changed = 0;
    execution->creates_body = false;
    if (!mig_session_ok(s))
        return;
    mig_flags_save(s, execution->text, execution->length, &flags);
    run_checked(s, execution, enforced);
    execution->rows_changed = sqlite3_total_changes64(s->db) - changes;
    if (!execution->transactional && mig_transaction_is_open(s)) {
        mig_transaction_adopt(s);
        mig_transaction_rollback(s);
        mig_session_fail(s, MIG_FAILED, "%s leaves a transaction open, which was rolled back",
                         execution->path);
        mig_session_hint(s, "end it with COMMIT in the same file");
    }
    mig_flags_restore(s, &flags);
    enforce(s, enforced);
    if (execution->transactional)
        mig_transaction_keep_brake(s);
}
