#include "compiler.h"

#include "session.h"

#include <stdarg.h>

/* Forgets a failure, whose texts are somebody else's by now or released. */
static void clear_failure(struct mig_session *s)
{
    s->outcome = MIG_OK;
    s->sqlite_code = SQLITE_OK;
    s->message = NULL;
    s->hint = NULL;
}

void mig_session_init(struct mig_session *s, sqlite3 *db, const struct mig_options *options)
{
    s->db = db;
    s->options = options;
    s->has_transaction = false;
    s->brake = NULL;
    clear_failure(s);
}

void mig_session_release(struct mig_session *s)
{
    sqlite3_free(s->message);
    sqlite3_free(s->hint);
    clear_failure(s);
}

bool mig_session_ok(const struct mig_session *s)
{
    return s->outcome == MIG_OK;
}

void mig_session_fail_memory(struct mig_session *s)
{
    if (!mig_session_ok(s))
        return;
    s->outcome = MIG_NO_MEMORY;
    s->sqlite_code = SQLITE_NOMEM;
}

void mig_session_fail(struct mig_session *s, enum mig_outcome outcome, const char *format, ...)
{
    va_list arguments;

    if (!mig_session_ok(s))
        return;
    va_start(arguments, format);
    s->message = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    if (s->message == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    s->outcome = outcome;
    s->sqlite_code = mig_outcome_sqlite_code(outcome);
}

void mig_session_hint(struct mig_session *s, const char *format, ...)
{
    va_list arguments;

    if (mig_session_ok(s) || s->hint != NULL)
        return;
    va_start(arguments, format);
    s->hint = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
}

/* The line that the hint of a message starts with. */
static const char hint_mark[] = "\nhint: ";

void mig_session_fail_sqlite(struct mig_session *s, int code)
{
    const char *text = sqlite3_errmsg(s->db);
    const char *hint = strstr(text, hint_mark);

    if (!mig_session_ok(s))
        return;
    if ((code & 0xff) == SQLITE_NOMEM) {
        mig_session_fail_memory(s);
        /* At once: whatever is called in between can outdate it. */
        if (s->brake != NULL)
            (void)sqlite3_step(s->brake);
        return;
    }
    /* A function of ours that a migration has called brings a hint of its own. */
    mig_session_fail(s, mig_outcome_of(code), "%.*s",
                     hint == NULL ? (int)strlen(text) : (int)(hint - text), text);
    if (hint != NULL)
        mig_session_hint(s, "%s", hint + strlen(hint_mark));
    if (s->outcome != MIG_NO_MEMORY)
        s->sqlite_code = code;
}

void mig_session_fail_other(struct mig_session *s, sqlite3 *other, int code)
{
    struct mig_session failed;

    mig_session_init(&failed, other, s->options);
    mig_session_fail_sqlite(&failed, code);
    mig_session_take(s, &failed);
}

void mig_session_context(struct mig_session *s, const char *format, ...)
{
    va_list arguments;
    char *context;

    if (mig_session_ok(s) || s->message == NULL)
        return;
    va_start(arguments, format);
    context = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    if (context != NULL)
        s->message = sqlite3_mprintf("%z: %z", context, s->message);
}

void mig_session_reclassify(struct mig_session *s, enum mig_outcome outcome)
{
    if (mig_session_ok(s))
        return;
    s->outcome = outcome;
    s->sqlite_code = mig_outcome_sqlite_code(outcome);
}

void mig_session_forget(struct mig_session *s, struct mig_session *out_failure)
{
    if (out_failure == NULL) {
        mig_session_release(s);
        return;
    }
    *out_failure = *s;
    out_failure->has_transaction = false;
    out_failure->brake = NULL;
    clear_failure(s);
}

void mig_session_take(struct mig_session *s, struct mig_session *failure)
{
    if (mig_session_ok(s)) {
        s->outcome = failure->outcome;
        s->sqlite_code = failure->sqlite_code;
        s->message = failure->message;
        s->hint = failure->hint;
        clear_failure(failure);
        return;
    }
    mig_session_release(failure);
}

char *mig_session_text(const struct mig_session *s)
{
    const char *hint = s->hint != NULL ? s->hint : mig_outcome_hint(s->outcome);

    return sqlite3_mprintf("%s%s%s", s->message != NULL ? s->message : "out of memory",
                           hint_mark, hint);
}

void mig_session_result(const struct mig_session *s, sqlite3_context *context)
{
    char *text = mig_session_text(s);

    if (text == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    sqlite3_result_error(context, text, -1);
    sqlite3_result_error_code(context, s->sqlite_code);
    sqlite3_free(text);
}
