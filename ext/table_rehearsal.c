#include "compiler.h"

#include "tables.h"

#include "rehearse.h"

/* The columns, in the order of the declaration. */
enum {
    COLUMN_VERSION,
    COLUMN_TASK,
    COLUMN_FILE_PATH,
    COLUMN_OUTCOME,
    COLUMN_ERROR,
    COLUMN_DURATION,
    COLUMN_STATEMENTS,
    COLUMN_ROWS,
    COLUMN_OBJECTS,
    COLUMN_PAGES,
    COLUMN_VIOLATIONS_BEFORE,
    COLUMN_VIOLATIONS_AFTER,
    COLUMN_BROKEN,
    COLUMN_SLOWER,
    COLUMN_ROUND_TRIP,
    COLUMN_DETAILS,
    COLUMN_DIR,
    COLUMN_TARGET,
};

struct scan {
    struct mig_rehearsal rehearsal;
    size_t at; /* the operation of the current row, from 0 */
};

static void open_rehearsal(struct mig_session *s, const struct mig_table_call *call,
                           void **out_rows)
{
    static const char name[] = "migrations_rehearsal";
    struct scan *scan = sqlite3_malloc64(sizeof(*scan));
    struct mig_request request = {
        .kind = MIG_REQUEST_APPLY, .function = name, .dir = call->dir};

    *out_rows = scan;
    if (scan == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    scan->at = 0;
    mig_rehearsal_init(&scan->rehearsal);
    request.target = mig_request_target(s, name, request.kind, call->arguments[0]);
    mig_rehearse(s, &request, &scan->rehearsal);
}

static bool is_at_end(const void *rows)
{
    const struct scan *scan = rows;

    return scan->at >= scan->rehearsal.count;
}

static void go_on(struct mig_session *s, void *rows)
{
    struct scan *scan = rows;

    (void)s;
    scan->at++;
}

static void result_text(sqlite3_context *context, const char *text)
{
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* A number that is not known is NULL. */
static void result_count(sqlite3_context *context, int64_t count)
{
    if (count >= 0)
        sqlite3_result_int64(context, count);
}

/* The columns that only an operation has that was carried out. */
static void result_run(const struct mig_rehearsed *row, int column, sqlite3_context *context)
{
    switch (column) {
    case COLUMN_ROWS:
        result_text(context, row->rows);
        break;
    case COLUMN_OBJECTS:
        result_text(context, row->objects);
        break;
    case COLUMN_PAGES:
        sqlite3_result_int64(context, row->pages);
        break;
    case COLUMN_VIOLATIONS_BEFORE:
        result_count(context, row->violations_before);
        break;
    case COLUMN_VIOLATIONS_AFTER:
        result_count(context, row->violations_after);
        break;
    case COLUMN_BROKEN:
        result_text(context, row->broken);
        break;
    case COLUMN_SLOWER:
        result_text(context, row->slower);
        break;
    case COLUMN_ROUND_TRIP:
        result_text(context, mig_trip_name(row->trip));
        break;
    default:
        result_text(context, row->details);
        break;
    }
}

static void result_column(struct mig_session *s, void *rows, int column,
                          sqlite3_context *context)
{
    const struct scan *scan = rows;
    const struct mig_rehearsed *row = &scan->rehearsal.list[scan->at];

    (void)s;
    switch (column) {
    case COLUMN_VERSION:
        sqlite3_result_int64(context, row->version);
        break;
    case COLUMN_TASK:
        result_text(context, row->task);
        break;
    case COLUMN_FILE_PATH:
        result_text(context, row->path);
        break;
    case COLUMN_OUTCOME:
        result_text(context, mig_rehearsed_name(row->outcome));
        break;
    case COLUMN_ERROR:
        result_text(context, row->error);
        break;
    case COLUMN_DURATION:
    case COLUMN_STATEMENTS:
        if (row->outcome != MIG_REHEARSED_NOT)
            sqlite3_result_int64(context,
                                 column == COLUMN_DURATION ? row->duration : row->statements);
        break;
    default:
        if (row->objects != NULL)
            result_run(row, column, context);
        break;
    }
}

static void close_rehearsal(void *rows)
{
    struct scan *scan = rows;

    mig_rehearsal_release(&scan->rehearsal);
    sqlite3_free(scan);
}

const struct mig_table mig_table_rehearsal = {
    .name = "migrations_rehearsal",
    .columns = "version INTEGER, task_name TEXT, file_path TEXT, outcome TEXT, error TEXT, "
               "duration_ms INTEGER, statements INTEGER, rows_changed TEXT, objects TEXT, "
               "pages INTEGER, violations_before INTEGER, violations_after INTEGER, "
               "broken TEXT, slower TEXT, round_trip TEXT, details TEXT, dir TEXT HIDDEN, "
               "target TEXT HIDDEN",
    .dir_column = COLUMN_DIR,
    .arguments_behind = COLUMN_TARGET - COLUMN_DIR,
    .is_sorted = true,
    .open = open_rehearsal,
    .at_end = is_at_end,
    .next = go_on,
    .column = result_column,
    .close = close_rehearsal,
};
