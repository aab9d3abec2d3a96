#include "compiler.h"

#include "settle.h"

#include "plan.h"
#include "problem.h"
#include "schema.h"
#include "source.h"
#include "tracking.h"
#include "transaction.h"
#include "verify.h"
#include "vet.h"

/* What both need; released together. */
struct settlement {
    struct mig_session *s;
    struct mig_source source;
    struct mig_problems problems;
    struct mig_rows rows;
    struct mig_plan plan;
    struct mig_tracking tracking;
};

static void init_settlement(struct settlement *t, struct mig_session *s)
{
    memset(t, 0, sizeof(*t));
    t->s = s;
    mig_source_init(&t->source);
    mig_plan_init(&t->plan);
}

static void release_settlement(struct settlement *t)
{
    mig_tracking_release(&t->tracking);
    mig_plan_release(&t->plan);
    mig_rows_release(&t->rows);
    mig_problems_release(&t->problems);
    mig_source_release(&t->source);
}

static void log_settlement(struct settlement *t, const struct mig_record *record,
                           enum mig_action action, const char *note)
{
    char now[MIG_CLOCK_SIZE];
    struct mig_attempt attempt = {.version = record->version,
                                  .action = action,
                                  .completed = true,
                                  .started_at = now,
                                  .output = note};

    mig_clock_now(now);
    mig_tracking_log(t->s, &t->tracking, record, &attempt);
}

static struct mig_record describe(const struct mig_operation *operation,
                                  const struct mig_content *content)
{
    const struct mig_record record = {
        .version = operation->version,
        .state = MIG_STATE_COMPLETED,
        .type = operation->type,
        .task = operation->task,
        .description = operation->path + operation->description_at,
        .description_length = operation->description_length,
        .path = operation->path,
        .checksum = content->checksum,
        .code = content->code,
        .code_length = content->code_length,
        .rollback_code = content->rollback_code,
        .rollback_length = content->rollback_length,
    };

    return record;
}

static void mark_completed(struct settlement *t, const struct mig_step *step)
{
    const struct mig_operation *operation = step->operation;
    char now[MIG_CLOCK_SIZE];
    struct mig_content content;
    struct mig_record record;

    mig_clock_now(now);
    mig_source_read(t->s, &t->source, operation, &content);
    record = describe(operation, &content);
    record.started_at = now;
    record.completed_at = now;
    mig_tracking_put(t->s, &t->tracking, &record, !step->has_row);
    log_settlement(t, &record, MIG_ACTION_BASELINE, NULL);
    mig_content_release(&content);
}

static void verify(struct settlement *t)
{
    const struct mig_verify_scope scope = {&t->source, &t->rows, &t->tracking, INT64_MAX,
                                           false};

    mig_verify(t->s, &scope, &t->problems);
    mig_problems_raise(t->s, &t->problems);
}

int64_t mig_settle_baseline(struct mig_session *s, const char *dir, int64_t version)
{
    const struct mig_target target = {MIG_TARGET_VERSION, version, NULL};
    int64_t reached = 0;
    struct settlement t;

    mig_transaction_guard(s, "migrate_baseline");
    init_settlement(&t, s);
    mig_source_list(s, &t.source, dir, &t.problems);
    mig_problems_raise(s, &t.problems);
    mig_transaction_begin(s);
    if (mig_session_ok(s)) {
        mig_tracking_read(s, &t.rows);
        mig_plan_up(s, &t.source, &t.rows, &target, &t.plan);
        verify(&t);
        if (mig_session_ok(s) && t.plan.count > 0)
            mig_tracking_create(s);
        for (size_t i = 0; i < t.plan.count && mig_session_ok(s); i++)
            mark_completed(&t, &t.plan.steps[i]);
        if (t.plan.count > 0)
            mig_schema_note(s);
        reached = mig_tracking_newest(s);
        mig_session_context(s, "cannot baseline version %lld", version);
        mig_transaction_commit(s);
    }
    mig_transaction_rollback(s);
    release_settlement(&t);
    return reached;
}

/* Settles a row that a run left failed or running. */
static void settle_row(struct settlement *t, const struct mig_row *row, enum mig_state state)
{
    struct mig_session *s = t->s;
    struct mig_arena arena;
    struct mig_record record;
    char *note;

    if (row->state != MIG_STATE_FAILED && row->state != MIG_STATE_RUNNING) {
        mig_session_fail(s, MIG_INVALID, "operation %lld is %s: there is nothing to settle",
                         row->version, mig_state_name(row->state));
        mig_session_hint(s, "only failed and running operations are settled as completed or "
                            "rollback");
        return;
    }
    mig_arena_init(&arena);
    note =
        sqlite3_mprintf("%s settled as %s", mig_state_name(row->state), mig_state_name(state));
    if (note == NULL)
        mig_session_fail_memory(s);
    mig_tracking_record(s, &arena, row->version, false, &record);
    mig_tracking_set_state(s, row->version, state);
    if (mig_session_ok(s))
        log_settlement(t, &record, MIG_ACTION_REPAIR, note);
    sqlite3_free(note);
    mig_arena_release(&arena);
}

/* Takes a changed file over. */
static void accept_file(struct settlement *t, const char *dir, const struct mig_row *row)
{
    struct mig_session *s = t->s;
    const struct mig_operation *operation;
    struct mig_content content;
    struct mig_script script;
    struct mig_record record;
    char recorded[MIG_DIGEST_SIZE];
    char *note;

    if (row->state != MIG_STATE_COMPLETED) {
        mig_session_fail(s, MIG_INVALID, "operation %lld is %s, so there is nothing to accept",
                         row->version, mig_state_name(row->state));
        mig_session_hint(s, "only the file of a completed operation is accepted");
        return;
    }
    mig_source_list(s, &t->source, dir, &t->problems);
    operation = mig_source_find(&t->source, row->version);
    if (!mig_session_ok(s))
        return;
    if (operation == NULL) {
        mig_session_fail(s, MIG_MISSING, "there is no file of operation %lld in %s",
                         row->version, dir);
        mig_session_hint(s, "restore %s", row->path);
        return;
    }
    mig_vet_operation(s, &t->source, operation, &content, &script);
    record = describe(operation, &content);
    mig_tracking_checksum(s, &t->tracking, row->version, recorded);
    note = sqlite3_mprintf("accepted %s in place of %s", content.checksum, recorded);
    if (note == NULL)
        mig_session_fail_memory(s);
    if (mig_session_ok(s))
        mig_tracking_replace_code(s, &record);
    if (mig_session_ok(s))
        log_settlement(t, &record, MIG_ACTION_REPAIR, note);
    sqlite3_free(note);
    mig_content_release(&content);
}

void mig_settle_repair(struct mig_session *s, const char *dir, int64_t version,
                       const char *outcome)
{
    const bool accept = strcmp(outcome, "accept") == 0;
    const struct mig_row *row = NULL;
    enum mig_state state = MIG_STATE_PENDING;
    struct settlement t;

    mig_transaction_guard(s, "migrate_repair");
    if (!accept && (!mig_state_parse(outcome, &state) ||
                    (state != MIG_STATE_COMPLETED && state != MIG_STATE_ROLLBACK))) {
        mig_session_fail(s, MIG_USAGE, "migrate_repair: \"%s\" is no outcome", outcome);
        mig_session_hint(s, "it is one of: completed, rollback, accept");
    }
    init_settlement(&t, s);
    mig_transaction_begin(s);
    if (mig_session_ok(s)) {
        mig_tracking_read(s, &t.rows);
        row = mig_rows_find(&t.rows, version);
        if (mig_session_ok(s) && row == NULL) {
            mig_session_fail(s, MIG_MISSING, "operation %lld was never applied here", version);
            mig_session_hint(s, "SELECT version, status FROM migrations_applied");
        } else if (mig_session_ok(s) && accept) {
            accept_file(&t, dir, row);
        } else if (mig_session_ok(s)) {
            settle_row(&t, row, state);
        }
        mig_schema_note(s);
        mig_session_context(s, "cannot repair operation %lld", version);
        mig_transaction_commit(s);
    }
    mig_transaction_rollback(s);
    release_settlement(&t);
}
