#include "compiler.h"

#include "flags.h"

#include "query.h"
#include "script.h"
#include "transaction.h"

static const char *const known[] = {
    "automatic_index",          "cell_size_check",    "full_column_names",
    "ignore_check_constraints", "legacy_alter_table", "query_only",
    "read_uncommitted",         "recursive_triggers", "reverse_unordered_selects",
    "short_column_names",       "trusted_schema",     "writable_schema",
};

static void save(struct mig_session *s, const char *name, struct mig_flags *flags)
{
    for (int i = 0; i < flags->count; i++)
        if (flags->list[i].name == name)
            return;
    flags->list[flags->count].name = name;
    flags->list[flags->count].value = mig_query_integer(s, 0, "PRAGMA %s", name);
    if (mig_session_ok(s))
        flags->count++;
}

void mig_flags_save(struct mig_session *s, const char *text, size_t length,
                    struct mig_flags *out_flags)
{
    struct mig_statement statement;
    struct mig_pragma pragma;
    size_t position = 0;

    out_flags->count = 0;
    while (mig_script_next(text, length, &position, &statement)) {
        if (statement.kind != MIG_STATEMENT_PRAGMA)
            continue;
        mig_script_pragma(text + statement.start, statement.end - statement.start, &pragma);
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            if (pragma.has_value && strcmp(pragma.name, known[i]) == 0)
                save(s, known[i], out_flags);
    }
}

/* Not through mig_query_execute(), which does nothing once the session has failed. */
static void restore(struct mig_session *s, const char *name, int64_t value)
{
    char sql[64];

    (void)snprintf(sql, sizeof(sql), "PRAGMA %s=%d", name, value != 0);
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return;
    mig_session_fail(s, MIG_FAILED, "PRAGMA %s cannot be set back", name);
    mig_session_hint(s, "close the connection, or set it yourself: %s", sql);
}

void mig_flags_restore(struct mig_session *s, const struct mig_flags *flags)
{
    sqlite3_stmt *brake = NULL;

    if (flags->count == 0)
        return;
    /* To set a flag outdates the brake. */
    if (s->has_transaction)
        brake = mig_transaction_hold_brake(s);
    for (int i = flags->count; i > 0; i--)
        restore(s, flags->list[i - 1].name, flags->list[i - 1].value);
    if (s->has_transaction)
        mig_transaction_keep_brake(s);
    mig_query_finish(brake);
}
