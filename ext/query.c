#include "compiler.h"

#include "query.h"

#include <stdarg.h>

static sqlite3_stmt *prepare_owned(struct mig_session *s, char *sql)
{
    sqlite3_stmt *statement = NULL;
    int code;

    if (sql == NULL) {
        mig_session_fail_memory(s);
        return NULL;
    }
    code = sqlite3_prepare_v3(s->db, sql, -1, 0, &statement, NULL);
    if (code != SQLITE_OK)
        mig_session_fail_sqlite(s, code);
    sqlite3_free(sql);
    return statement;
}

sqlite3_stmt *mig_query_prepare(struct mig_session *s, const char *format, ...)
{
    va_list arguments;
    char *sql;

    if (!mig_session_ok(s))
        return NULL;
    va_start(arguments, format);
    sql = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    return prepare_owned(s, sql);
}

sqlite3_stmt *mig_query_prepare_text(struct mig_session *s, const char *text, size_t *out_tail)
{
    sqlite3_stmt *statement = NULL;
    const char *tail = NULL;
    int code;

    *out_tail = 0;
    if (!mig_session_ok(s))
        return NULL;
    code = sqlite3_prepare_v3(s->db, text, -1, 0, &statement, &tail);
    if (code != SQLITE_OK)
        mig_session_fail_sqlite(s, code);
    else
        *out_tail = (size_t)(tail - text);
    return statement;
}

bool mig_query_step(struct mig_session *s, sqlite3_stmt *statement)
{
    int code;

    if (!mig_session_ok(s))
        return false;
    code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        mig_session_fail_sqlite(s, code);
    return code == SQLITE_ROW;
}

void mig_query_run(struct mig_session *s, sqlite3_stmt *statement)
{
    if (!mig_session_ok(s))
        return;
    while (mig_query_step(s, statement)) {
    }
    mig_query_reset(statement);
}

void mig_query_reset(sqlite3_stmt *statement)
{
    /* Reports the failure of the last step, which the step has reported. */
    (void)sqlite3_reset(statement);
}

void mig_query_finish(sqlite3_stmt *statement)
{
    /* Reports the failure of the last step, which the step has reported. */
    (void)sqlite3_finalize(statement);
}

void mig_query_execute(struct mig_session *s, const char *format, ...)
{
    va_list arguments;
    sqlite3_stmt *statement;

    if (!mig_session_ok(s))
        return;
    va_start(arguments, format);
    statement = prepare_owned(s, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
    mig_query_run(s, statement);
    mig_query_finish(statement);
}

int64_t mig_query_integer(struct mig_session *s, int64_t otherwise, const char *format, ...)
{
    va_list arguments;
    sqlite3_stmt *statement;
    int64_t value = otherwise;

    if (!mig_session_ok(s))
        return otherwise;
    va_start(arguments, format);
    statement = prepare_owned(s, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
    if (mig_query_step(s, statement))
        value = sqlite3_column_int64(statement, 0);
    mig_query_finish(statement);
    return value;
}

/* Binding fails only for lack of memory, a length over SQLite's limit, or a mistake of ours. */
static void check_bound(struct mig_session *s, int code)
{
    if (code != SQLITE_OK)
        mig_session_fail_sqlite(s, code);
}

void mig_query_bind_text(struct mig_session *s, sqlite3_stmt *statement, int number,
                         const char *text)
{
    if (mig_session_ok(s))
        check_bound(s, sqlite3_bind_text(statement, number, text, -1, SQLITE_STATIC));
}

void mig_query_bind_integer(struct mig_session *s, sqlite3_stmt *statement, int number,
                            int64_t value)
{
    if (mig_session_ok(s))
        check_bound(s, sqlite3_bind_int64(statement, number, value));
}

/* Bytes of the character that starts with `first`; 0 when none does. */
static size_t length_by_first_byte(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    if (first < 0xe0)
        return 2;
    return first < 0xf0 ? 3 : 4;
}

/* True for characters that SQLite replaces when it converts between encodings, and for values that
 * no character has. */
static bool is_replaced(uint32_t value, size_t length)
{
    static const uint32_t least[] = {0, 1, 0x80, 0x800, 0x10000};

    return value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) ||
           (value & 0xfffffffeU) == 0xfffe;
}

/* Bytes of the UTF-8 character at `bytes`; 0 when it is none, or one that is replaced. */
static size_t character_length(const unsigned char *bytes, size_t left)
{
    const size_t length = length_by_first_byte(bytes[0]);
    uint32_t value = length == 1 ? bytes[0] : bytes[0] & (0x7fU >> length);

    if (length == 0 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = (value << 6) | (bytes[i] & 0x3fU);
    }
    return is_replaced(value, length) ? 0 : length;
}

bool mig_query_is_text(const void *text, size_t length)
{
    const unsigned char *bytes = text;
    size_t position = 0;

    while (position < length) {
        const size_t step = character_length(bytes + position, length - position);

        if (step == 0)
            return false;
        position += step;
    }
    return true;
}

void mig_query_bind_bytes(struct mig_session *s, sqlite3_stmt *statement, int number,
                          const void *bytes, size_t length)
{
    if (!mig_session_ok(s))
        return;
    if (bytes == NULL)
        check_bound(s, sqlite3_bind_null(statement, number));
    else if (mig_query_is_text(bytes, length))
        check_bound(s, sqlite3_bind_text64(statement, number, bytes, length, SQLITE_STATIC,
                                           SQLITE_UTF8));
    else
        check_bound(s, sqlite3_bind_blob64(statement, number, bytes, length, SQLITE_STATIC));
}
