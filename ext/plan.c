#include "compiler.h"

#include "plan.h"

#include "approval.h"

/* How many operations a message names before it says how many more there are. */
#define NAMED_AT_MOST 10

void mig_plan_init(struct mig_plan *plan)
{
    memset(plan, 0, sizeof(*plan));
    plan->floor = INT64_MAX;
}

void mig_plan_release(struct mig_plan *plan)
{
    mig_arena_release(&plan->arena);
    sqlite3_free(plan->steps);
    mig_plan_init(plan);
}

bool mig_plan_lets_break(const struct mig_step *step, const char *name)
{
    return step->broken_views != NULL &&
           mig_approval_allows(step->broken_views, strlen(step->broken_views),
                               MIG_RULE_BROKEN_VIEW, name);
}

static struct mig_step *add_step(struct mig_session *s, struct mig_plan *plan)
{
    void *list = plan->steps;
    struct mig_step *step =
        mig_array_add(s, &list, plan->count, &plan->capacity, sizeof(*step));

    plan->steps = list;
    if (step != NULL)
        plan->count++;
    return step;
}

static void add_up(struct mig_session *s, struct mig_plan *plan,
                   const struct mig_operation *operation, const struct mig_rows *rows)
{
    struct mig_step *step = add_step(s, plan);

    if (step == NULL)
        return;
    step->version = operation->version;
    step->operation = operation;
    step->task = operation->task;
    step->has_row = mig_rows_find(rows, operation->version) != NULL;
}

static void add_down(struct mig_session *s, struct mig_plan *plan, const struct mig_row *row)
{
    struct mig_step *step = add_step(s, plan);

    if (step == NULL)
        return;
    step->is_down = true;
    step->version = row->version;
    step->task = row->task;
    step->has_row = true;
    if (row->version - 1 < plan->floor)
        plan->floor = row->version - 1;
}

bool mig_plan_is_pending(const struct mig_rows *rows, int64_t version, int64_t floor)
{
    const struct mig_row *row = version > floor ? NULL : mig_rows_find(rows, version);

    return row == NULL || row->state != MIG_STATE_COMPLETED;
}

/* True when a version is one of the folder's, by its file or by what was pruned of it. */
static bool is_known(const struct mig_source *source, const struct mig_rows *rows,
                     int64_t version)
{
    return version == 0 || mig_source_find(source, version) != NULL ||
           (version <= source->starts_after && mig_rows_find(rows, version) != NULL);
}

/* The highest version the target reaches; fails when the folder does not have it. */
static int64_t find_last(struct mig_session *s, const struct mig_source *source,
                         const struct mig_rows *rows, const struct mig_target *target)
{
    int64_t last = 0;

    switch (target->kind) {
    case MIG_TARGET_ALL:
    case MIG_TARGET_COUNT:
        return INT64_MAX;
    case MIG_TARGET_VERSION:
        if (is_known(source, rows, target->number))
            return target->number;
        mig_session_fail(s, MIG_MISSING, "there is no operation %lld in %s", target->number,
                         source->dir);
        mig_session_hint(s, "SELECT version, file_path FROM migrations_pending");
        return 0;
    case MIG_TARGET_TASK:
        break;
    }
    for (size_t i = 0; i < source->count; i++)
        if (strcmp(source->operations[i].task, target->task) == 0)
            last = source->operations[i].version;
    if (last == 0) {
        mig_session_fail(s, MIG_MISSING, "there is no operation of task %s in %s", target->task,
                         source->dir);
        mig_session_hint(s, "SELECT DISTINCT task_name FROM migrations_pending");
    }
    return last;
}

void mig_plan_up(struct mig_session *s, const struct mig_source *source,
                 const struct mig_rows *rows, const struct mig_target *target,
                 struct mig_plan *plan)
{
    const int64_t last = find_last(s, source, rows, target);
    int64_t left = target->kind == MIG_TARGET_COUNT ? target->number : INT64_MAX;

    for (size_t i = 0; i < source->count && left > 0 && mig_session_ok(s); i++) {
        const struct mig_operation *operation = &source->operations[i];

        if (operation->version > last)
            break;
        if (!mig_plan_is_pending(rows, operation->version, plan->floor))
            continue;
        add_up(s, plan, operation, rows);
        left--;
    }
}

void mig_plan_up_again(struct mig_session *s, const struct mig_source *source,
                       const struct mig_rows *rows, struct mig_plan *plan)
{
    for (size_t i = plan->count; i > 0 && mig_session_ok(s); i--) {
        const struct mig_step down = plan->steps[i - 1];
        const struct mig_operation *operation = mig_source_find(source, down.version);
        const struct mig_row *row = mig_rows_find(rows, down.version);

        if (!down.is_down || row == NULL)
            continue;
        if (operation != NULL) {
            add_up(s, plan, operation, rows);
            continue;
        }
        mig_session_fail(s, MIG_MISSING,
                         "operation %lld has no file to apply again: %s is gone", down.version,
                         row->path);
        mig_session_hint(s, "restore the file, or roll back without applying again");
    }
}

/* Adds ", VERSION (TASK)" to a list of operations for a message. */
static char *name_more(char *list, const struct mig_row *row)
{
    return sqlite3_mprintf("%z%s%lld (%s)", list, list == NULL ? "" : ", ", row->version,
                           row->task);
}

/* Fails when operations of other tasks stand above the first of the task. */
static void check_task_is_newest(struct mig_session *s, const struct mig_rows *rows,
                                 const char *task, int64_t first)
{
    char *named = NULL;
    int64_t count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct mig_row *row = &rows->list[i];

        if (row->state != MIG_STATE_COMPLETED || row->version < first ||
            strcmp(row->task, task) == 0)
            continue;
        count++;
        if (count <= NAMED_AT_MOST)
            named = name_more(named, row);
    }
    if (count > NAMED_AT_MOST)
        named = sqlite3_mprintf("%z and %lld more", named, count - NAMED_AT_MOST);
    if (count > 0) {
        mig_session_fail(
            s, MIG_INVALID,
            "cannot roll back task %s: later operations of other tasks are applied: %s", task,
            named == NULL ? "" : named);
        mig_session_hint(s, "roll those back first");
    }
    sqlite3_free(named);
}

static void plan_down_task(struct mig_session *s, const struct mig_rows *rows, const char *task,
                           struct mig_plan *plan)
{
    for (size_t i = rows->count; i > 0 && mig_session_ok(s); i--) {
        const struct mig_row *row = &rows->list[i - 1];

        if (row->state == MIG_STATE_COMPLETED && strcmp(row->task, task) == 0)
            add_down(s, plan, row);
    }
    if (!mig_session_ok(s))
        return;
    if (plan->count > 0) {
        check_task_is_newest(s, rows, task, plan->floor + 1);
        return;
    }
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->list[i].task, task) == 0)
            return; /* known, and rolled back already */
    mig_session_fail(s, MIG_MISSING, "no operation of task %s was ever applied here", task);
    mig_session_hint(s, "SELECT DISTINCT task_name FROM migrations_applied");
}

void mig_plan_down(struct mig_session *s, const struct mig_rows *rows,
                   const struct mig_target *target, struct mig_plan *plan)
{
    int64_t left = target->kind == MIG_TARGET_COUNT ? target->number : INT64_MAX;

    if (target->kind == MIG_TARGET_TASK) {
        plan_down_task(s, rows, target->task, plan);
        return;
    }
    for (size_t i = rows->count; i > 0 && left > 0 && mig_session_ok(s); i--) {
        const struct mig_row *row = &rows->list[i - 1];

        if (row->state != MIG_STATE_COMPLETED)
            continue;
        add_down(s, plan, row);
        left--;
    }
}

void mig_plan_down_to(struct mig_session *s, const struct mig_rows *rows, int64_t version,
                      struct mig_plan *plan)
{
    for (size_t i = rows->count; i > 0 && mig_session_ok(s); i--) {
        const struct mig_row *row = &rows->list[i - 1];

        if (row->version > version && row->state == MIG_STATE_COMPLETED)
            add_down(s, plan, row);
    }
}

void mig_plan_to(struct mig_session *s, const struct mig_source *source,
                 const struct mig_rows *rows, const struct mig_target *target,
                 struct mig_plan *plan)
{
    if (target->number < mig_rows_newest(rows) && target->number > 0 &&
        mig_rows_find(rows, target->number) == NULL &&
        mig_source_find(source, target->number) == NULL) {
        mig_session_fail(s, MIG_MISSING, "there is no operation %lld", target->number);
        mig_session_hint(s, "SELECT version, file_path FROM migrations_applied");
    }
    mig_plan_down_to(s, rows, target->number, plan);
    if (target->number > 0)
        mig_plan_up(s, source, rows, target, plan);
}
