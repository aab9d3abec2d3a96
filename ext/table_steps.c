#include "compiler.h"

#include "tables.h"

#include "remote.h"

/* The columns, in the order of the declaration. */
enum {
    COLUMN_POSITION,
    COLUMN_VERSION,
    COLUMN_DIRECTION,
    COLUMN_TYPE,
    COLUMN_FILE_PATH,
    COLUMN_IS_ALONE,
    COLUMN_REQUEST,
    COLUMN_TARGET,
    COLUMN_DIR,
    COLUMN_HEAD,
    COLUMN_CODE,
    COLUMN_TAIL,
    COLUMN_FAILURE,
};

/* The arguments, in their order. */
enum {
    ARGUMENT_REQUEST,
    ARGUMENT_TARGET,
};

struct scan {
    struct mig_remote remote;
    size_t at; /* the step of the current row, from 0 */
};

static void open_steps(struct mig_session *s, const struct mig_table_call *call,
                       void **out_rows)
{
    static const char name[] = "migrations_steps";
    struct scan *scan = sqlite3_malloc64(sizeof(*scan));
    struct mig_request request = {.function = name, .dir = call->dir};

    *out_rows = scan;
    if (scan == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    scan->at = 0;
    mig_remote_init(&scan->remote);
    mig_options_check(s);
    request.kind = mig_request_parse(s, name, call->arguments[ARGUMENT_REQUEST]);
    request.target =
        mig_request_target(s, name, request.kind, call->arguments[ARGUMENT_TARGET]);
    mig_remote_prepare(s, &scan->remote, &request);
}

static const struct mig_plan *plan_of(const struct scan *scan)
{
    return &scan->remote.prepared.plan;
}

static bool is_at_end(const void *rows)
{
    const struct scan *scan = rows;

    return scan->at >= plan_of(scan)->count;
}

static void go_on(struct mig_session *s, void *rows)
{
    struct scan *scan = rows;

    (void)s;
    scan->at++;
}

/* What is known of the operation once it is read. */
static void result_work(struct mig_session *s, struct scan *scan, int column,
                        sqlite3_context *context)
{
    const struct mig_work *work = mig_remote_work(s, &scan->remote, scan->at);

    if (!mig_session_ok(s))
        return;
    if (column == COLUMN_TYPE)
        sqlite3_result_text(context, mig_type_name(work->record.type), -1, SQLITE_STATIC);
    else
        sqlite3_result_text(context, work->path, -1, SQLITE_TRANSIENT);
}

static void result_part(struct mig_session *s, struct scan *scan, int column,
                        sqlite3_context *context)
{
    /* In the order of the columns. */
    static const enum mig_remote_part parts[] = {MIG_REMOTE_HEAD, MIG_REMOTE_CODE,
                                                 MIG_REMOTE_TAIL, MIG_REMOTE_FAILURE};
    char *text = mig_remote_text(s, &scan->remote, scan->at, parts[column - COLUMN_HEAD]);

    if (text != NULL)
        sqlite3_result_text(context, text, -1, sqlite3_free);
}

static void result_column(struct mig_session *s, void *rows, int column,
                          sqlite3_context *context)
{
    struct scan *scan = rows;
    const struct mig_step *step = &plan_of(scan)->steps[scan->at];

    switch (column) {
    case COLUMN_POSITION:
        sqlite3_result_int64(context, (sqlite3_int64)scan->at + 1);
        break;
    case COLUMN_VERSION:
        sqlite3_result_int64(context, step->version);
        break;
    case COLUMN_DIRECTION:
        sqlite3_result_text(context,
                            mig_action_name(step->is_down ? MIG_ACTION_DOWN : MIG_ACTION_UP),
                            -1, SQLITE_STATIC);
        break;
    case COLUMN_TYPE:
    case COLUMN_FILE_PATH:
        result_work(s, scan, column, context);
        break;
    case COLUMN_IS_ALONE:
        sqlite3_result_int(context, step->no_transaction ? 1 : 0);
        break;
    default:
        result_part(s, scan, column, context);
        break;
    }
}

static void close_steps(void *rows)
{
    struct scan *scan = rows;

    mig_remote_release(&scan->remote);
    sqlite3_free(scan);
}

const struct mig_table mig_table_steps = {
    .name = "migrations_steps",
    .columns = "position INTEGER, version INTEGER, direction TEXT, type TEXT, file_path TEXT, "
               "is_alone INTEGER, request TEXT HIDDEN, target TEXT HIDDEN, dir TEXT HIDDEN, "
               "head HIDDEN, code HIDDEN, tail HIDDEN, failure HIDDEN",
    .dir_column = COLUMN_DIR,
    .arguments = COLUMN_DIR - COLUMN_REQUEST,
    .is_sorted = true,
    .open = open_steps,
    .at_end = is_at_end,
    .next = go_on,
    .column = result_column,
    .close = close_steps,
};
