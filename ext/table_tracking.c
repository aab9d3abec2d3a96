#include "compiler.h"

#include "tables.h"

#include "query.h"
#include "tracking.h"

/* A scan of the tracking table or the log: the rows of one statement, as they are. */
struct scan {
    sqlite3_stmt *statement; /* NULL: the tables are not there */
    bool has_row;
};

static void begin_scan(struct mig_session *s, sqlite3_stmt *statement, void **out_rows)
{
    struct scan *scan = sqlite3_malloc64(sizeof(*scan));

    *out_rows = scan;
    if (scan == NULL) {
        mig_query_finish(statement);
        mig_session_fail_memory(s);
        return;
    }
    scan->statement = statement;
    scan->has_row = statement != NULL && mig_query_step(s, statement);
}

static void open_applied(struct mig_session *s, const struct mig_table_call *call,
                         void **out_rows)
{
    begin_scan(s, mig_tracking_select_applied(s, call->costly), out_rows);
}

static void open_history(struct mig_session *s, const struct mig_table_call *call,
                         void **out_rows)
{
    (void)call;
    begin_scan(s, mig_tracking_select_history(s), out_rows);
}

static bool is_at_end(const void *rows)
{
    const struct scan *scan = rows;

    return !scan->has_row;
}

static void go_on(struct mig_session *s, void *rows)
{
    struct scan *scan = rows;

    scan->has_row = mig_query_step(s, scan->statement);
}

static void result_column(struct mig_session *s, void *rows, int column,
                          sqlite3_context *context)
{
    const struct scan *scan = rows;

    (void)s;
    sqlite3_result_value(context, sqlite3_column_value(scan->statement, column));
}

static void close_scan(void *rows)
{
    struct scan *scan = rows;

    mig_query_finish(scan->statement);
    sqlite3_free(scan);
}

const struct mig_table mig_table_applied = {
    .name = "migrations_applied",
    .columns = mig_tracking_applied_columns,
    .dir_column = 11,
    .is_sorted = true,
    .open = open_applied,
    .at_end = is_at_end,
    .next = go_on,
    .column = result_column,
    .close = close_scan,
};

const struct mig_table mig_table_history = {
    .name = "migrations_history",
    .columns = mig_tracking_history_columns,
    .dir_column = 18,
    .is_sorted = true,
    .open = open_history,
    .at_end = is_at_end,
    .next = go_on,
    .column = result_column,
    .close = close_scan,
};
