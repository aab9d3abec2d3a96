#include "compiler.h"

#include "step.h"

#include "approval.h"
#include "execute.h"
#include "schema.h"
#include "transaction.h"
#include "work.h"

void mig_step_result_init(struct mig_step_result *result)
{
    memset(result, 0, sizeof(*result));
}

void mig_step_result_release(struct mig_step_result *result)
{
    sqlite3_free(result->output);
    mig_step_result_init(result);
}

/* Notes which text is run, for the display. */
static void name_text(const struct mig_work *work, struct mig_step_result *result)
{
    (void)snprintf(result->path, sizeof(result->path), "%s",
                   work->path == NULL ? "" : work->path);
}

/* Runs the program of the step, and hands what it said over. */
static void run_program(struct mig_session *s, const struct mig_source *source,
                        struct mig_work *work, struct mig_step_result *result)
{
    mig_work_run_program(s, source, work);
    result->output = work->printed.log;
    work->printed.log = NULL;
}

/* Puts what the text approves for itself before what a program said. */
static void note_approvals(struct mig_session *s, const struct mig_work *work,
                           struct mig_step_result *result)
{
    char *lines = NULL;

    if (mig_session_ok(s) && work->text != NULL)
        lines = mig_approval_lines(s, work->text, work->length);
    if (lines == NULL)
        return;
    if (result->output != NULL)
        lines = sqlite3_mprintf("%z\n%s", lines, result->output);
    if (lines == NULL)
        mig_session_fail_memory(s);
    sqlite3_free(result->output);
    result->output = lines;
}

static void execute(struct mig_session *s, const struct mig_work *work, bool transactional,
                    struct mig_step_result *result)
{
    struct mig_execution execution = {.path = work->path,
                                      .text = work->text,
                                      .length = work->length,
                                      .transactional = transactional};

    mig_execute(s, &execution);
    result->statement = execution.statement;
    result->statements = execution.statements;
    result->rows_changed = execution.rows_changed;
    result->creates_body = execution.creates_body;
}

/* Puts what was going on before the message of a failure. */
static void add_context(struct mig_session *s, const struct mig_step *step)
{
    mig_session_context(s, "cannot %s operation %lld", step->is_down ? "roll back" : "apply",
                        step->version);
}

static struct mig_attempt make_attempt(const struct mig_step *step,
                                       const struct mig_step_result *result)
{
    const struct mig_attempt attempt = {
        .version = step->version,
        .action = step->is_down ? MIG_ACTION_DOWN : MIG_ACTION_UP,
        .completed = true,
        .statement = result->statement,
        .started_at = result->started_at,
        .duration = result->duration,
        .rows_changed = result->rows_changed,
        .output = result->output,
    };

    return attempt;
}

/* Writes the row in the given state and the line of the log. */
static void write_record(struct mig_session *s, struct mig_tracking *tracking,
                         struct mig_work *work, enum mig_state state,
                         const struct mig_step_result *result,
                         const struct mig_attempt *attempt)
{
    mig_clock_now(work->completed_at);
    if (work->step->is_down || work->step->no_transaction) {
        mig_tracking_set_state(s, work->step->version, state);
    } else {
        work->record.state = state;
        work->record.started_at = result->started_at;
        work->record.completed_at = work->completed_at;
        mig_tracking_put(s, tracking, &work->record, !work->step->has_row);
    }
    mig_tracking_log(s, tracking, &work->record, attempt);
}

void mig_step_perform(struct mig_session *s, const struct mig_source *source,
                      struct mig_tracking *tracking, const struct mig_step *step,
                      struct mig_step_result *out_result)
{
    const int64_t start = mig_clock_milliseconds();
    struct mig_attempt attempt;
    struct mig_work work;

    mig_step_result_init(out_result);
    mig_clock_now(out_result->started_at);
    if (!mig_session_ok(s))
        return;
    mig_work_load(s, source, step, &work);
    name_text(&work, out_result);
    if (mig_session_ok(s) && work.record.type == MIG_TYPE_PROGRAM)
        run_program(s, source, &work, out_result);
    note_approvals(s, &work, out_result);
    execute(s, &work, true, out_result);
    add_context(s, step);
    out_result->duration = mig_clock_milliseconds() - start;
    attempt = make_attempt(step, out_result);
    write_record(s, tracking, &work, step->is_down ? MIG_STATE_ROLLBACK : MIG_STATE_COMPLETED,
                 out_result, &attempt);
    mig_work_release(&work);
}

/* Commits the row as `running`, so that a run that dies leaves a trace. */
static void mark_running(struct mig_session *s, struct mig_tracking *tracking,
                         struct mig_work *work, const struct mig_step_result *result)
{
    if (work->step->is_down) {
        mig_tracking_set_state(s, work->step->version, MIG_STATE_RUNNING);
    } else {
        work->record.state = MIG_STATE_RUNNING;
        work->record.started_at = result->started_at;
        mig_tracking_put(s, tracking, &work->record, !work->step->has_row);
    }
    mig_transaction_commit(s);
}

/* Commits what came of it, whatever that is. The failure of the script stays the session's. */
static void mark_over(struct mig_session *s, struct mig_tracking *tracking,
                      struct mig_work *work, struct mig_step_result *result)
{
    struct mig_attempt attempt = make_attempt(work->step, result);
    struct mig_session failure;
    enum mig_state state = work->step->is_down ? MIG_STATE_ROLLBACK : MIG_STATE_COMPLETED;

    mig_session_forget(s, &failure);
    if (!mig_session_ok(&failure)) {
        state = MIG_STATE_FAILED;
        attempt.completed = false;
        attempt.error = failure.message;
    }
    mig_transaction_begin(s);
    write_record(s, tracking, work, state, result, &attempt);
    mig_schema_note(s);
    mig_transaction_commit(s);
    mig_transaction_rollback(s);
    if (!mig_session_ok(&failure)) {
        mig_session_forget(s, NULL);
        mig_session_take(s, &failure);
    }
}

void mig_step_perform_alone(struct mig_session *s, const struct mig_source *source,
                            struct mig_tracking *tracking, const struct mig_step *step,
                            struct mig_step_result *out_result)
{
    const int64_t start = mig_clock_milliseconds();
    struct mig_work work;

    mig_step_result_init(out_result);
    mig_clock_now(out_result->started_at);
    if (!mig_session_ok(s))
        return;
    mig_work_load(s, source, step, &work);
    name_text(&work, out_result);
    note_approvals(s, &work, out_result);
    mark_running(s, tracking, &work, out_result);
    if (mig_session_ok(s)) {
        execute(s, &work, false, out_result);
        if (!mig_session_ok(s)) {
            add_context(s, step);
            mig_session_hint(
                s,
                "it ran outside a transaction and may be half done; look at it, then "
                "SELECT migrate_repair(%lld, 'completed' or 'rollback')",
                step->version);
        }
        out_result->duration = mig_clock_milliseconds() - start;
        mark_over(s, tracking, &work, out_result);
    }
    mig_work_release(&work);
}

void mig_step_log_failure(struct mig_session *s, struct mig_tracking *tracking,
                          const struct mig_step *step, const struct mig_step_result *result)
{
    struct mig_attempt attempt = make_attempt(step, result);
    struct mig_session failure;
    struct mig_content nothing;
    struct mig_work work;

    mig_work_init(&work);
    mig_content_init(&nothing);
    mig_session_forget(s, &failure);
    attempt.completed = false;
    attempt.error = failure.message;
    mig_transaction_begin(s);
    mig_tracking_create(s);
    if (step->is_down)
        mig_tracking_record(s, &work.arena, step->version, false, &work.record);
    else
        mig_work_describe(step->operation, &nothing, &work.record);
    mig_tracking_log(s, tracking, &work.record, &attempt);
    mig_schema_note(s);
    mig_transaction_commit(s);
    mig_transaction_rollback(s);
    mig_arena_release(&work.arena);
    mig_session_forget(s, NULL);
    mig_session_take(s, &failure);
}
