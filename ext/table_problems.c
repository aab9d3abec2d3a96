#include "compiler.h"

#include "tables.h"

#include "problem.h"
#include "verify.h"

/* The columns, in the order of the declaration. */
enum {
    COLUMN_SEVERITY,
    COLUMN_PROBLEM,
    COLUMN_VERSION,
    COLUMN_PLACE,
    COLUMN_MESSAGE,
    COLUMN_HINT,
    COLUMN_DIR,
};

struct scan {
    struct mig_problems problems;
    size_t at;
};

static void open_problems(struct mig_session *s, const struct mig_table_call *call,
                          void **out_rows)
{
    struct scan *scan = sqlite3_malloc64(sizeof(*scan));

    *out_rows = scan;
    if (scan == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    memset(scan, 0, sizeof(*scan));
    mig_verify_folder(s, call->dir, &scan->problems);
}

static bool is_at_end(const void *rows)
{
    const struct scan *scan = rows;

    return scan->at >= scan->problems.count;
}

static void go_on(struct mig_session *s, void *rows)
{
    struct scan *scan = rows;

    (void)s;
    scan->at++;
}

static void result_column(struct mig_session *s, void *rows, int column,
                          sqlite3_context *context)
{
    const struct scan *scan = rows;
    const struct mig_problem *problem = &scan->problems.list[scan->at];
    const char *text = problem->hint;

    (void)s;
    switch (column) {
    case COLUMN_SEVERITY:
        text = mig_severity_name(problem->severity);
        break;
    case COLUMN_PROBLEM:
        text = mig_problem_name(problem->kind);
        break;
    case COLUMN_VERSION:
        if (problem->version > 0)
            sqlite3_result_int64(context, problem->version);
        return;
    case COLUMN_PLACE:
        text = problem->place;
        break;
    case COLUMN_MESSAGE:
        text = problem->message;
        break;
    default:
        break;
    }
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void close_problems(void *rows)
{
    struct scan *scan = rows;

    mig_problems_release(&scan->problems);
    sqlite3_free(scan);
}

const struct mig_table mig_table_problems = {
    .name = "migrations_problems",
    .columns =
        "severity TEXT, problem TEXT, version INTEGER, place TEXT, message TEXT, hint TEXT, "
        "dir TEXT HIDDEN",
    .dir_column = COLUMN_DIR,
    .is_sorted = false,
    .open = open_problems,
    .at_end = is_at_end,
    .next = go_on,
    .column = result_column,
    .close = close_problems,
};
