#include "compiler.h"

#include "apply.h"

#include "clock.h"
#include "compile_check.h"
#include "danger.h"
#include "options.h"
#include "prepare.h"
#include "progress.h"
#include "schema.h"
#include "script.h"
#include "snapshot.h"
#include "step.h"
#include "transaction.h"
#include "verify.h"

struct run {
    struct mig_session *s;
    struct mig_prepared prepared;
    struct mig_tracking tracking;
    struct mig_progress progress;
    const struct mig_apply_observer *observer; /* borrowed; NULL: none */
    int64_t interval;                          /* milliseconds */
    int64_t data_version;
    int64_t checked_schema;            /* the schema version that `compiled` was made of */
    struct mig_compiled_list compiled; /* views and triggers as they were at the last commit */
    bool has_new_body;                 /* a view or trigger was created since */
    bool must_look;                    /* `compiled` is of a schema that was rolled back */
    bool has_tables; /* the tracking table is there for good: it was committed */
    int64_t version; /* that the database is at, as the last lock of this run has seen it */
    size_t alone;    /* steps before this one are committed one by one */
};

static bool checks_compilation(struct run *run)
{
    return mig_options_choice(run->s, MIG_OPTION_COMPILE_CHECK) == MIG_SEVERITY_ERROR;
}

/* Notes how the schema is before the first step, or after others have changed it. */
static void look_at_schema(struct run *run)
{
    run->checked_schema = mig_schema_version(run->s);
    run->must_look = false;
    run->has_new_body = false;
    if (checks_compilation(run))
        mig_compiled_find(run->s, &run->compiled);
}

/* Lets go of the lock and takes a snapshot: nobody has to wait for that. What others change meanwhile
 * is seen when the first step takes the lock again. */
static void take_snapshot(struct run *run)
{
    char *path;

    mig_transaction_rollback(run->s);
    path = mig_snapshot_before_run(run->s);
    mig_tracking_set_note(run->s, &run->tracking, path);
    sqlite3_free(path);
    run->must_look = true;
}

/* What comes before the first step, once it is known that there is one. */
static void make_ready(struct run *run)
{
    if (mig_options_choice(run->s, MIG_OPTION_SNAPSHOT) != 0) {
        take_snapshot(run);
        return;
    }
    mig_tracking_set_note(run->s, &run->tracking, NULL);
    mig_tracking_create(run->s);
    look_at_schema(run);
}

static void prepare(struct run *run)
{
    struct mig_session *s = run->s;

    mig_prepare_folder(s, &run->prepared);
    mig_transaction_begin(s);
    mig_prepare_plan(s, &run->prepared, &run->tracking);
    run->version = mig_rows_newest(&run->prepared.rows);
    run->data_version = mig_transaction_data_version(s);
    if (run->observer == NULL) /* who watches wants to see what happens */
        mig_danger_check(s, &run->prepared);
    if (mig_session_ok(s) && run->prepared.plan.count > 0)
        make_ready(run);
}

/* Fails when a step that was done has been undone since: what is left of the plan builds on it. */
static void check_done(struct mig_session *s, const struct mig_step *step, bool completed)
{
    if (completed != step->is_down)
        return;
    mig_session_fail(s, MIG_LOCKED,
                     "operation %lld was %s by another run while this one was at work",
                     step->version, step->is_down ? "applied again" : "rolled back");
    mig_session_hint(s, "what was committed before stays; run again to go on");
}

/* Another connection has written since our last commit: what it has done is not done again. */
static void recheck(struct run *run, size_t first)
{
    struct mig_session *s = run->s;
    struct mig_rows rows;

    mig_rows_init(&rows);
    mig_tracking_read(s, &rows);
    mig_verify_rows(s, &rows, &run->prepared.problems);
    mig_problems_raise(s, &run->prepared.problems);
    for (size_t i = 0; i < run->prepared.plan.count && mig_session_ok(s); i++) {
        struct mig_step *step = &run->prepared.plan.steps[i];
        const struct mig_row *row = mig_rows_find(&rows, step->version);
        const bool completed = row != NULL && row->state == MIG_STATE_COMPLETED;

        step->has_row = row != NULL;
        if (i < first)
            check_done(s, step, completed);
        else
            step->is_done = completed != step->is_down;
    }
    mig_rows_release(&rows);
    look_at_schema(run);
}

/* Opens the transaction of the next group, unless that of the plan is still open. */
static void begin_group(struct run *run, size_t first)
{
    struct mig_session *s = run->s;
    int64_t data_version;

    if (mig_transaction_is_open(s))
        return;
    mig_transaction_begin(s);
    if (!run->has_tables)
        mig_tracking_create(s);
    data_version = mig_transaction_data_version(s);
    if (mig_session_ok(s) && data_version != run->data_version) {
        run->data_version = data_version;
        recheck(run, first);
    } else if (run->must_look) {
        look_at_schema(run);
    }
}

/* True when the group may be run again one by one to find the operation to blame. */
static bool can_retry(const struct run *run, size_t first, size_t failed)
{
    const enum mig_outcome outcome = run->s->outcome;

    return run->prepared.mode == MIG_TRANSACTION_OPERATION && failed > first &&
           outcome != MIG_INTERRUPTED && outcome != MIG_LOCKED;
}

/* Fails when one is broken that none of the steps lets break. */
static void check_broken(struct run *run, size_t first, size_t end,
                         const struct mig_compiled_list *now)
{
    const struct mig_step *steps = run->prepared.plan.steps;
    const struct mig_compiled *entry;
    size_t place = 0;

    while ((entry = mig_compiled_next_broken(&run->compiled, now, &place)) != NULL) {
        bool may_break = false;

        for (size_t i = first; i < end; i++)
            may_break = may_break || mig_plan_lets_break(&steps[i], entry->name);
        if (!may_break)
            mig_compiled_fail(run->s, entry);
    }
}

/*
 * Fails when a view or trigger that compiled before steps `first` to `end` does not compile now. Where
 * there is nothing that could stop compiling, the schema is not read.
 */
static void check_schema(struct run *run, size_t first, size_t end)
{
    struct mig_session *s = run->s;
    const int64_t schema = mig_schema_version(s);
    struct mig_compiled_list now;

    if (!mig_session_ok(s) || !checks_compilation(run) || schema == run->checked_schema)
        return;
    run->checked_schema = schema;
    if (run->compiled.count == 0 && !run->has_new_body)
        return;
    run->has_new_body = false;
    mig_compiled_init(&now);
    mig_compiled_find(s, &now);
    check_broken(run, first, end, &now);
    if (!mig_session_ok(s)) {
        mig_compiled_release(&now);
        return;
    }
    mig_compiled_release(&run->compiled);
    run->compiled = now;
}

static const char *verb_of(const struct mig_step *step)
{
    return step->is_down ? "roll back" : "apply";
}

/* Judges the schema that one step has left; a no-transaction step is committed already. */
static void judge_step(struct run *run, size_t number)
{
    const struct mig_step *step = &run->prepared.plan.steps[number];

    if (!mig_session_ok(run->s) || step->no_transaction)
        return;
    check_schema(run, number, number + 1);
    mig_session_context(run->s, "cannot %s operation %lld", verb_of(step), step->version);
}

/*
 * Commits steps `first` to `end`; the last commit of the run notes the schema's fingerprint. What
 * shares a transaction on purpose (task, all) is judged by the schema that it leaves.
 */
static void commit_group(struct run *run, size_t first, size_t end)
{
    struct mig_session *s = run->s;
    const struct mig_step *steps = run->prepared.plan.steps;

    if (run->prepared.mode != MIG_TRANSACTION_OPERATION)
        check_schema(run, first, end);
    if (end == run->prepared.plan.count) {
        mig_schema_note(s);
        run->version = mig_tracking_newest(s);
    }
    mig_transaction_commit(s);
    if (end - first == 1)
        mig_session_context(s, "cannot %s operation %lld", verb_of(&steps[first]),
                            steps[first].version);
    else
        mig_session_context(s, "cannot %s operations %lld to %lld", verb_of(&steps[first]),
                            steps[first].version, steps[end - 1].version);
    run->has_tables = mig_session_ok(s);
}

/* True when step `next` must not join the group that began with step `first`. */
static bool ends_group(const struct run *run, size_t first, size_t next, int64_t start)
{
    const struct mig_step *steps = run->prepared.plan.steps;

    if (next == run->prepared.plan.count || steps[next - 1].is_alone || steps[next].is_alone)
        return true;
    if (run->prepared.mode != MIG_TRANSACTION_OPERATION)
        return !mig_prepared_joins(&run->prepared, &steps[next - 1], &steps[next]);
    return first < run->alone || mig_clock_milliseconds() - start >= run->interval;
}

static void report(struct run *run, const struct mig_step *step,
                   const struct mig_step_result *result)
{
    if (mig_session_ok(run->s))
        mig_progress_step(&run->progress, step->is_down ? "down" : "up", result->path,
                          result->duration);
}

static void perform(struct run *run, size_t number, struct mig_step_result *result)
{
    const struct mig_apply_observer *observer = run->observer;
    const struct mig_step *step = &run->prepared.plan.steps[number];

    if (observer != NULL)
        observer->before(observer->context, run->s, &run->prepared, number);
    if (step->no_transaction)
        mig_step_perform_alone(run->s, &run->prepared.source, &run->tracking, step, result);
    else
        mig_step_perform(run->s, &run->prepared.source, &run->tracking, step, result);
    if (observer != NULL)
        observer->after(observer->context, run->s, &run->prepared, number, result);
}

/*
 * Runs the steps from `first` on until the group ends or one fails; returns the step behind the last
 * one that was carried out. *result is that of the last step that was tried.
 */
static size_t run_group(struct run *run, size_t first, struct mig_step_result *result)
{
    const int64_t start = mig_clock_milliseconds();
    size_t next = first;

    do {
        const struct mig_step *step = &run->prepared.plan.steps[next];

        mig_step_result_release(result);
        if (!step->is_done)
            perform(run, next, result);
        run->has_new_body |= result->creates_body;
        if (run->prepared.mode == MIG_TRANSACTION_OPERATION)
            judge_step(run, next);
        if (!step->is_done)
            report(run, step, result);
        next += mig_session_ok(run->s) ? 1 : 0;
    } while (mig_session_ok(run->s) && !ends_group(run, first, next, start));
    return next;
}

/* Writes the line of the failed step, where there is still a way to write. */
static void log_failure(struct run *run, size_t failed, const struct mig_step_result *result)
{
    const enum mig_outcome outcome = run->s->outcome;

    if (outcome == MIG_INTERRUPTED || outcome == MIG_LOCKED || outcome == MIG_READ_ONLY)
        return;
    mig_step_log_failure(run->s, &run->tracking, &run->prepared.plan.steps[failed], result);
}

/*
 * Deals with a group that began with step `first` and in which step `failed` is to blame. Of several
 * operations the group is run again one by one; of one alone, the failure is logged and kept.
 */
static void give_up_group(struct run *run, size_t first, size_t failed,
                          const struct mig_step_result *result)
{
    mig_transaction_rollback(run->s);
    mig_progress_back(&run->progress, first);
    if (can_retry(run, first, failed)) {
        mig_session_forget(run->s, NULL);
        run->must_look = true;
        run->alone = failed + 1;
    } else {
        log_failure(run, failed, result);
    }
}

/* An operation outside a transaction has let go of the lock. */
static void read_version(struct run *run)
{
    const int64_t start = mig_clock_milliseconds();

    if (!mig_session_ok(run->s))
        return;
    do
        run->version = mig_tracking_newest(run->s);
    while (mig_transaction_retry(run->s, start));
}

/* Carries out the group that begins with step `first`; returns the step to go on with. */
static size_t carry_out(struct run *run, size_t first)
{
    struct mig_session *s = run->s;
    const struct mig_step *step = &run->prepared.plan.steps[first];
    struct mig_step_result result;
    size_t next;
    size_t failed;

    begin_group(run, first);
    if (!mig_session_ok(s) || step->is_done) {
        run->version = mig_tracking_newest(s);
        mig_transaction_rollback(s);
        return first + 1;
    }
    mig_step_result_init(&result);
    next = run_group(run, first, &result);
    failed = next;
    if (step->no_transaction) {
        look_at_schema(run);
        read_version(run);
    } else {
        if (mig_session_ok(s)) {
            commit_group(run, first, next);
            failed = next - 1;
        }
        if (!mig_session_ok(s)) {
            give_up_group(run, first, failed, &result);
            next = first;
        }
    }
    if (run->observer != NULL && mig_session_ok(s) && next > first)
        run->observer->committed(run->observer->context, s, &run->prepared, first, next);
    mig_step_result_release(&result);
    return next;
}

static void run_steps(struct run *run)
{
    size_t next = 0;

    mig_progress_begin(run->s, &run->progress, run->prepared.plan.count);
    while (next < run->prepared.plan.count && mig_session_ok(run->s))
        next = carry_out(run, next);
    mig_progress_end(&run->progress);
}

/* Only SQLite's own databases can be migrated by this connection. */
static void check_dialect(struct mig_session *s)
{
    const int dialect = mig_options_choice(s, MIG_OPTION_DIALECT);

    if (dialect == MIG_DIALECT_SQLITE)
        return;
    mig_session_fail(s, MIG_CONFIG, "option dialect is %s, and this database is SQLite",
                     mig_dialect_name((enum mig_dialect)dialect));
    mig_session_hint(s,
                     "set it to sqlite; migrate_script() and migrations_steps write what the "
                     "client of a server runs");
}

static void init_run(struct run *run, struct mig_session *s, const struct mig_request *request)
{
    memset(run, 0, sizeof(*run));
    run->s = s;
    mig_prepare_init(s, &run->prepared, request);
    run->interval = mig_options_number(s, MIG_OPTION_COMMIT_INTERVAL);
}

static void release_run(struct run *run)
{
    mig_tracking_release(&run->tracking);
    mig_compiled_release(&run->compiled);
    mig_prepare_release(&run->prepared);
}

int64_t mig_apply(struct mig_session *s, const struct mig_request *request)
{
    return mig_apply_observed(s, request, NULL);
}

int64_t mig_apply_observed(struct mig_session *s, const struct mig_request *request,
                           const struct mig_apply_observer *observer)
{
    struct run run;

    mig_transaction_guard(s, request->function);
    check_dialect(s);
    init_run(&run, s, request);
    run.observer = observer;
    if (mig_session_ok(s)) {
        prepare(&run);
        if (mig_session_ok(s))
            run_steps(&run);
    }
    mig_transaction_rollback(s);
    release_run(&run);
    return run.version;
}
