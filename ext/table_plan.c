#include "compiler.h"

#include "tables.h"

#include "lint.h"
#include "prepare.h"

/* The columns, in the order of the declaration. */
enum {
    COLUMN_POSITION,
    COLUMN_VERSION,
    COLUMN_TASK,
    COLUMN_DIRECTION,
    COLUMN_FILE_PATH,
    COLUMN_LINE,
    COLUMN_STATEMENT,
    COLUMN_KIND,
    COLUMN_OBJECT,
    COLUMN_RULE,
    COLUMN_SEVERITY,
    COLUMN_WHY,
    COLUMN_ADVICE,
    COLUMN_APPROVED,
    COLUMN_REASON,
    COLUMN_SQL,
    COLUMN_DIR,
};

struct scan {
    struct mig_request request;
    struct mig_prepared prepared;
    struct mig_lint lint;
    size_t at; /* the finding of the current row, from 0 */
};

static void open_plan(struct mig_session *s, const struct mig_table_call *call, void **out_rows)
{
    struct scan *scan = sqlite3_malloc64(sizeof(*scan));
    struct mig_tracking tracking;

    *out_rows = scan;
    if (scan == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    memset(scan, 0, sizeof(*scan));
    scan->request.kind = MIG_REQUEST_APPLY;
    scan->request.function = "migrations_plan";
    scan->request.dir = call->dir;
    mig_lint_init(&scan->lint);
    mig_prepare_init(s, &scan->prepared, &scan->request);
    mig_tracking_init(&tracking);
    mig_prepare_folder(s, &scan->prepared);
    mig_prepare_steps(s, &scan->prepared, &tracking);
    mig_lint_plan(s, &scan->prepared, &scan->lint);
    mig_tracking_release(&tracking);
}

static bool is_at_end(const void *rows)
{
    const struct scan *scan = rows;

    return scan->at >= scan->lint.count;
}

static void go_on(struct mig_session *s, void *rows)
{
    struct scan *scan = rows;

    (void)s;
    scan->at++;
}

/* What is there of a statement only; NULL for a finding about the whole file. */
static void result_number(sqlite3_context *context, int64_t number)
{
    if (number > 0)
        sqlite3_result_int64(context, number);
}

static const char *text_of(const struct mig_finding *finding, int column)
{
    const bool is_found = finding->rule != MIG_RULE_COUNT;

    switch (column) {
    case COLUMN_FILE_PATH:
        return finding->path;
    case COLUMN_DIRECTION:
        return mig_action_name(finding->is_down ? MIG_ACTION_DOWN : MIG_ACTION_UP);
    case COLUMN_KIND:
        return finding->kind;
    case COLUMN_OBJECT:
        return finding->object;
    case COLUMN_RULE:
        return is_found ? mig_rule_info(finding->rule)->id : NULL;
    case COLUMN_SEVERITY:
        return is_found ? mig_rule_severity_name(finding->severity) : NULL;
    case COLUMN_WHY:
        return finding->why;
    case COLUMN_ADVICE:
        return finding->advice;
    case COLUMN_REASON:
        return finding->reason;
    default:
        return finding->sql;
    }
}

static void result_column(struct mig_session *s, void *rows, int column,
                          sqlite3_context *context)
{
    const struct scan *scan = rows;
    const struct mig_finding *finding = &scan->lint.list[scan->at];
    const struct mig_step *step = &scan->prepared.plan.steps[finding->step];

    (void)s;
    switch (column) {
    case COLUMN_POSITION:
        sqlite3_result_int64(context, (sqlite3_int64)finding->step + 1);
        break;
    case COLUMN_VERSION:
        sqlite3_result_int64(context, step->version);
        break;
    case COLUMN_TASK:
        sqlite3_result_text(context, step->task, -1, SQLITE_TRANSIENT);
        break;
    case COLUMN_LINE:
        result_number(context, finding->line);
        break;
    case COLUMN_STATEMENT:
        result_number(context, finding->number);
        break;
    case COLUMN_APPROVED:
        if (finding->rule != MIG_RULE_COUNT)
            sqlite3_result_int(context, finding->is_approved ? 1 : 0);
        break;
    default:
        sqlite3_result_text(context, text_of(finding, column), -1, SQLITE_TRANSIENT);
        break;
    }
}

static void close_plan(void *rows)
{
    struct scan *scan = rows;

    mig_lint_release(&scan->lint);
    mig_prepare_release(&scan->prepared);
    sqlite3_free(scan);
}

const struct mig_table mig_table_plan = {
    .name = "migrations_plan",
    .columns = "position INTEGER, version INTEGER, task_name TEXT, direction TEXT, "
               "file_path TEXT, line INTEGER, statement INTEGER, kind TEXT, object TEXT, "
               "rule TEXT, severity TEXT, why TEXT, advice TEXT, approved INTEGER, "
               "reason TEXT, sql TEXT, dir TEXT HIDDEN",
    .dir_column = COLUMN_DIR,
    .is_sorted = true,
    .open = open_plan,
    .at_end = is_at_end,
    .next = go_on,
    .column = result_column,
    .close = close_plan,
};
