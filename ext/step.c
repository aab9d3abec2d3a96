#include "compiler.h"

#include "step.h"

#include "execute.h"
#include "program.h"
#include "schema.h"
#include "transaction.h"
#include "vet.h"

/* A step with all that is needed to run and record it. */
struct work {
    const struct mig_step *step;
    struct mig_arena arena;
    struct mig_content content; /* up: what the files hold */
    struct mig_record record;   /* what the tracking table is to hold, or holds */
    struct mig_program_output printed;
    const char *path; /* of the text, for messages; the arena's */
    const char *text;
    size_t length;
    char completed_at[MIG_CLOCK_SIZE];
};

void mig_step_result_init(struct mig_step_result *result)
{
    memset(result, 0, sizeof(*result));
}

void mig_step_result_release(struct mig_step_result *result)
{
    sqlite3_free(result->output);
    mig_step_result_init(result);
}

static void release_work(struct work *work)
{
    mig_content_release(&work->content);
    mig_program_output_release(&work->printed);
    mig_arena_release(&work->arena);
}

static void describe_operation(const struct mig_operation *operation,
                               const struct mig_content *content, struct mig_record *record)
{
    record->version = operation->version;
    record->type = operation->type;
    record->task = operation->task;
    record->description = operation->path + operation->description_at;
    record->description_length = operation->description_length;
    record->path = operation->path;
    record->checksum = content->checksum;
    record->code = content->code;
    record->code_length = content->code_length;
    record->rollback_code = content->rollback_code;
    record->rollback_length = content->rollback_length;
}

static void load_up(struct mig_session *s, const struct mig_source *source, struct work *work)
{
    const struct mig_step *step = work->step;

    mig_source_read(s, source, step->operation, &work->content);
    if (mig_session_ok(s) && step->checksum[0] != '\0' &&
        strcmp(step->checksum, work->content.checksum) != 0) {
        mig_session_fail(s, MIG_INVALID, "%s was changed while this run was going on",
                         step->operation->path);
        mig_session_hint(s, "run again");
    }
    describe_operation(step->operation, &work->content, &work->record);
    work->path = step->operation->path;
    work->text = work->content.code;
    work->length = work->content.code_length;
}

/* The name of the rollback code, for messages: ..._down.sql for ..._up.sql. */
static const char *name_down(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_record *record)
{
    size_t at = strlen(record->path);
    char *name;
    char *joined;

    /* The last underline stands before the direction: ..._up.sql, ..._up.sqlite.sql. */
    while (at > 0 && record->path[at - 1] != '_')
        at--;
    if (record->type == MIG_TYPE_PROGRAM || at == 0 || strncmp(record->path + at, "up", 2) != 0)
        return record->path;
    joined = sqlite3_mprintf("%.*sdown%s", (int)at, record->path, record->path + at + 2);
    if (joined == NULL)
        mig_session_fail_memory(s);
    name = joined == NULL ? NULL : mig_arena_copy(s, arena, joined, strlen(joined));
    sqlite3_free(joined);
    return name;
}

static void load_down(struct mig_session *s, struct work *work)
{
    struct mig_record *record = &work->record;

    mig_tracking_record(s, &work->arena, work->step->version, true, record);
    if (!mig_session_ok(s))
        return;
    if (record->type == MIG_TYPE_SQL && record->rollback_code == NULL) {
        mig_session_fail(s, MIG_INVALID,
                         "operation %lld (%s) cannot be rolled back: it has no rollback code",
                         record->version, record->path);
        mig_session_hint(s, "add its _down.sql, then SELECT migrate_repair(%lld, 'accept')",
                         record->version);
    }
    work->path = name_down(s, &work->arena, record);
    work->text = record->type == MIG_TYPE_PROGRAM ? record->code : record->rollback_code;
    work->length =
        record->type == MIG_TYPE_PROGRAM ? record->code_length : record->rollback_length;
}

static void load(struct mig_session *s, const struct mig_source *source,
                 const struct mig_step *step, struct work *work)
{
    memset(work, 0, sizeof(*work));
    work->step = step;
    if (step->is_down)
        load_down(s, work);
    else
        load_up(s, source, work);
}

/* Notes which text is run, for the display. */
static void name_text(const struct work *work, struct mig_step_result *result)
{
    (void)snprintf(result->path, sizeof(result->path), "%s",
                   work->path == NULL ? "" : work->path);
}

static void vet_down(struct mig_session *s, struct mig_step *step)
{
    struct mig_script script;
    struct work work;

    memset(&script, 0, sizeof(script));
    load(s, NULL, step, &work);
    if (mig_session_ok(s) && work.record.type == MIG_TYPE_SQL)
        mig_vet_text(s, work.path, work.text, work.length, MIG_SCRIPT_FILE, &script);
    if (mig_session_ok(s) && work.record.type == MIG_TYPE_PROGRAM)
        mig_vet_programs_allowed(s, work.path);
    step->no_transaction = script.no_transaction;
    step->allowed = script.allowed;
    step->is_alone = script.no_transaction || work.record.type == MIG_TYPE_PROGRAM;
    release_work(&work);
}

void mig_step_vet(struct mig_session *s, const struct mig_source *source, struct mig_step *step)
{
    struct mig_content content;
    struct mig_script script;

    if (!mig_session_ok(s))
        return;
    if (step->is_down) {
        vet_down(s, step);
        return;
    }
    mig_vet_operation(s, source, step->operation, &content, &script);
    step->no_transaction = script.no_transaction;
    step->allowed = script.allowed;
    step->is_alone = script.no_transaction || step->operation->type == MIG_TYPE_PROGRAM;
    memcpy(step->checksum, content.checksum, sizeof(step->checksum));
    mig_content_release(&content);
}

/* Runs the program of the step; what it printed becomes the text to execute. */
static void run_program(struct mig_session *s, const struct mig_source *source,
                        struct work *work, struct mig_step_result *result)
{
    struct mig_program program = {NULL, "up", work->record.version, work->record.task,
                                  work->record.path};
    struct mig_script script;
    char *file;
    char *name;

    if (work->step->is_down) {
        program.direction = "down";
        file = mig_program_restore(s, work->text, work->length);
    } else {
        file = sqlite3_mprintf("%s/%s", source->dir, work->record.path);
        if (file == NULL)
            mig_session_fail_memory(s);
    }
    program.file = file;
    mig_program_run(s, &program, &work->printed);
    if (work->step->is_down)
        mig_program_discard(file);
    else
        sqlite3_free(file);
    result->output = work->printed.log;
    work->printed.log = NULL;
    work->text = work->printed.sql == NULL ? "" : work->printed.sql;
    work->length = work->printed.sql_length;
    name = sqlite3_mprintf("output of %s", work->record.path);
    work->path =
        name == NULL ? work->record.path : mig_arena_copy(s, &work->arena, name, strlen(name));
    sqlite3_free(name);
    mig_vet_text(s, work->path, work->text, work->length, MIG_SCRIPT_PROGRAM, &script);
}

static void execute(struct mig_session *s, const struct work *work, bool transactional,
                    struct mig_step_result *result)
{
    struct mig_execution execution = {.path = work->path,
                                      .text = work->text,
                                      .length = work->length,
                                      .transactional = transactional};

    mig_execute(s, &execution);
    result->statement = execution.statement;
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
                         struct work *work, enum mig_state state,
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
    struct work work;

    mig_step_result_init(out_result);
    mig_clock_now(out_result->started_at);
    if (!mig_session_ok(s))
        return;
    load(s, source, step, &work);
    name_text(&work, out_result);
    if (mig_session_ok(s) && work.record.type == MIG_TYPE_PROGRAM)
        run_program(s, source, &work, out_result);
    execute(s, &work, true, out_result);
    add_context(s, step);
    out_result->duration = mig_clock_milliseconds() - start;
    attempt = make_attempt(step, out_result);
    write_record(s, tracking, &work, step->is_down ? MIG_STATE_ROLLBACK : MIG_STATE_COMPLETED,
                 out_result, &attempt);
    release_work(&work);
}

/* Commits the row as `running`, so that a run that dies leaves a trace. */
static void mark_running(struct mig_session *s, struct mig_tracking *tracking,
                         struct work *work, const struct mig_step_result *result)
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
static void mark_over(struct mig_session *s, struct mig_tracking *tracking, struct work *work,
                      struct mig_step_result *result)
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
    struct work work;

    mig_step_result_init(out_result);
    mig_clock_now(out_result->started_at);
    if (!mig_session_ok(s))
        return;
    load(s, source, step, &work);
    name_text(&work, out_result);
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
    release_work(&work);
}

void mig_step_log_failure(struct mig_session *s, struct mig_tracking *tracking,
                          const struct mig_step *step, const struct mig_step_result *result)
{
    struct mig_attempt attempt = make_attempt(step, result);
    struct mig_session failure;
    struct mig_content nothing;
    struct work work;

    memset(&work, 0, sizeof(work));
    mig_content_init(&nothing);
    mig_session_forget(s, &failure);
    attempt.completed = false;
    attempt.error = failure.message;
    mig_transaction_begin(s);
    mig_tracking_create(s);
    if (step->is_down)
        mig_tracking_record(s, &work.arena, step->version, false, &work.record);
    else
        describe_operation(step->operation, &nothing, &work.record);
    mig_tracking_log(s, tracking, &work.record, &attempt);
    mig_schema_note(s);
    mig_transaction_commit(s);
    mig_transaction_rollback(s);
    mig_arena_release(&work.arena);
    mig_session_forget(s, NULL);
    mig_session_take(s, &failure);
}
