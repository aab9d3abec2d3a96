#include "compiler.h"

#include "tables.h"

#include "plan.h"
#include "problem.h"
#include "source.h"
#include "tracking.h"

/* The columns, in the order of the declaration. */
enum {
    COLUMN_VERSION,
    COLUMN_TASK_NAME,
    COLUMN_DESCRIPTION,
    COLUMN_MIGRATION_DATE,
    COLUMN_TYPE,
    COLUMN_FILE_PATH,
    COLUMN_CHECKSUM,
    COLUMN_STATUS,
    COLUMN_REVERSIBLE,
    COLUMN_DIR,
    COLUMN_CODE,
    COLUMN_ROLLBACK_CODE,
};

struct pending {
    struct mig_source source;
    struct mig_rows rows;
    size_t at;                  /* the operation of the current row */
    struct mig_content content; /* of that operation, once it was asked for */
};

static const struct mig_operation *operation_of(const struct pending *p)
{
    return &p->source.operations[p->at];
}

static void skip_completed(struct pending *p)
{
    while (p->at < p->source.count &&
           !mig_plan_is_pending(&p->rows, operation_of(p)->version, INT64_MAX))
        p->at++;
}

/* The list would be a lie when a name could not be read, so that is a failure. */
static void open_pending(struct mig_session *s, const struct mig_table_call *call,
                         void **out_rows)
{
    struct pending *p = sqlite3_malloc64(sizeof(*p));
    struct mig_problems problems;

    *out_rows = p;
    if (p == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    memset(p, 0, sizeof(*p));
    mig_source_init(&p->source);
    mig_problems_init(&problems);
    mig_source_list(s, &p->source, call->dir, &problems);
    mig_problems_raise(s, &problems);
    mig_problems_release(&problems);
    mig_tracking_read(s, &p->rows);
    skip_completed(p);
}

static bool is_at_end(const void *rows)
{
    const struct pending *p = rows;

    return p->at >= p->source.count;
}

static void go_on(struct mig_session *s, void *rows)
{
    struct pending *p = rows;

    (void)s;
    mig_content_release(&p->content);
    p->at++;
    skip_completed(p);
}

static void result_status(const struct pending *p, sqlite3_context *context)
{
    const struct mig_row *row = mig_rows_find(&p->rows, operation_of(p)->version);

    sqlite3_result_text(context, mig_state_name(row == NULL ? MIG_STATE_PENDING : row->state),
                        -1, SQLITE_STATIC);
}

static void result_content(struct mig_session *s, struct pending *p, int column,
                           sqlite3_context *context)
{
    struct mig_content *content = &p->content;

    if (content->code == NULL)
        mig_source_read(s, &p->source, operation_of(p), content);
    if (!mig_session_ok(s))
        return;
    if (column == COLUMN_CHECKSUM)
        sqlite3_result_text(context, content->checksum, -1, SQLITE_TRANSIENT);
    else if (column == COLUMN_CODE)
        sqlite3_result_text64(context, content->code, content->code_length, SQLITE_TRANSIENT,
                              SQLITE_UTF8);
    else if (content->rollback_code != NULL)
        sqlite3_result_text64(context, content->rollback_code, content->rollback_length,
                              SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void result_column(struct mig_session *s, void *rows, int column,
                          sqlite3_context *context)
{
    struct pending *p = rows;
    const struct mig_operation *operation = operation_of(p);

    switch (column) {
    case COLUMN_VERSION:
        sqlite3_result_int64(context, operation->version);
        break;
    case COLUMN_TASK_NAME:
        sqlite3_result_text(context, operation->task, -1, SQLITE_TRANSIENT);
        break;
    case COLUMN_DESCRIPTION:
        sqlite3_result_text64(context, operation->path + operation->description_at,
                              operation->description_length, SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
    case COLUMN_MIGRATION_DATE:
        sqlite3_result_text(context, operation->path, MIG_SOURCE_DATE_LENGTH, SQLITE_TRANSIENT);
        break;
    case COLUMN_TYPE:
        sqlite3_result_text(context, mig_type_name(operation->type), -1, SQLITE_STATIC);
        break;
    case COLUMN_FILE_PATH:
        sqlite3_result_text(context, operation->path, -1, SQLITE_TRANSIENT);
        break;
    case COLUMN_STATUS:
        result_status(p, context);
        break;
    case COLUMN_REVERSIBLE:
        sqlite3_result_int(context, operation->has_down ? 1 : 0);
        break;
    default:
        result_content(s, p, column, context);
        break;
    }
}

static void close_pending(void *rows)
{
    struct pending *p = rows;

    mig_content_release(&p->content);
    mig_rows_release(&p->rows);
    mig_source_release(&p->source);
    sqlite3_free(p);
}

const struct mig_table mig_table_pending = {
    .name = "migrations_pending",
    .columns =
        "version INTEGER, task_name TEXT, description TEXT, migration_date TEXT, type TEXT, "
        "file_path TEXT, checksum TEXT, status TEXT, reversible INTEGER, dir TEXT HIDDEN, "
        "code HIDDEN, rollback_code HIDDEN",
    .dir_column = COLUMN_DIR,
    .is_sorted = true,
    .open = open_pending,
    .at_end = is_at_end,
    .next = go_on,
    .column = result_column,
    .close = close_pending,
};
