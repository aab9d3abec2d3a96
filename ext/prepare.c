#include "compiler.h"

#include "prepare.h"

#include "verify.h"
#include "work.h"

void mig_prepare_init(struct mig_session *s, struct mig_prepared *p,
                      const struct mig_request *request)
{
    memset(p, 0, sizeof(*p));
    p->request = request;
    mig_source_init(&p->source);
    mig_rows_init(&p->rows);
    mig_problems_init(&p->problems);
    mig_plan_init(&p->plan);
    p->mode = (enum mig_transaction_mode)mig_options_choice(s, MIG_OPTION_TRANSACTION);
}

void mig_prepare_release(struct mig_prepared *p)
{
    mig_plan_release(&p->plan);
    mig_problems_release(&p->problems);
    mig_rows_release(&p->rows);
    mig_source_release(&p->source);
}

void mig_prepare_folder(struct mig_session *s, struct mig_prepared *p)
{
    if (!mig_request_needs_folder(p->request))
        return;
    mig_source_list(s, &p->source, p->request->dir, &p->problems);
    mig_problems_raise(s, &p->problems);
    if (mig_session_ok(s) && p->source.count == 0 && p->source.starts_after == 0) {
        mig_session_fail(s, MIG_MISSING, "the migration folder %s holds no operation",
                         p->request->dir);
        mig_session_hint(s, "write the first one: 2025-01-10/0001-TASK-1-create-users_up.sql");
    }
}

static void make_plan(struct mig_session *s, struct mig_prepared *p)
{
    const struct mig_request *request = p->request;

    switch (request->kind) {
    case MIG_REQUEST_APPLY:
        mig_plan_up(s, &p->source, &p->rows, &request->target, &p->plan);
        break;
    case MIG_REQUEST_ROLLBACK:
        mig_plan_down(s, &p->rows, &request->target, &p->plan);
        break;
    case MIG_REQUEST_TO:
        mig_plan_to(s, &p->source, &p->rows, &request->target, &p->plan);
        break;
    case MIG_REQUEST_REDO:
        mig_plan_down(s, &p->rows, &request->target, &p->plan);
        mig_plan_up_again(s, &p->source, &p->rows, &p->plan);
        break;
    }
}

/* What stops the run before anything is changed. */
static void verify(struct mig_session *s, struct mig_prepared *p, struct mig_tracking *tracking)
{
    const struct mig_verify_scope scope = {&p->source, &p->rows, tracking, p->plan.floor,
                                           false};

    if (mig_request_needs_folder(p->request))
        mig_verify(s, &scope, &p->problems);
    else
        mig_verify_rows(s, &p->rows, &p->problems);
    mig_problems_raise(s, &p->problems);
}

bool mig_prepared_joins(const struct mig_prepared *p, const struct mig_step *step,
                        const struct mig_step *next)
{
    if (p->mode == MIG_TRANSACTION_ALL)
        return true;
    return p->mode == MIG_TRANSACTION_TASK && step->is_down == next->is_down &&
           strcmp(step->task, next->task) == 0;
}

/* An operation that needs a commit of its own cannot be part of "all or none" with others. */
static void check_alone(struct mig_session *s, const struct mig_prepared *p, size_t i)
{
    const struct mig_plan *plan = &p->plan;
    const struct mig_step *step = &plan->steps[i];
    const bool joined =
        (i > 0 && mig_prepared_joins(p, &plan->steps[i - 1], step)) ||
        (i + 1 < plan->count && mig_prepared_joins(p, step, &plan->steps[i + 1]));

    if (!step->is_alone || !joined)
        return;
    mig_session_fail(
        s, MIG_INVALID,
        "operation %lld cannot share a transaction: it %s, and transaction is \"%s\"",
        step->version, step->no_transaction ? "is marked no-transaction" : "is a program",
        p->mode == MIG_TRANSACTION_ALL ? "all" : "task");
    mig_session_hint(s, "set option transaction to \"operation\", or apply up to it first");
}

static void vet_steps(struct mig_session *s, struct mig_prepared *p)
{
    for (size_t i = 0; i < p->plan.count && mig_session_ok(s); i++)
        mig_work_vet(s, &p->source, &p->plan.arena, &p->plan.steps[i]);
    for (size_t i = 0; i < p->plan.count && mig_session_ok(s); i++)
        check_alone(s, p, i);
}

void mig_prepare_steps(struct mig_session *s, struct mig_prepared *p,
                       struct mig_tracking *tracking)
{
    mig_tracking_read(s, &p->rows);
    if (mig_session_ok(s))
        make_plan(s, p);
    verify(s, p, tracking);
}

void mig_prepare_plan(struct mig_session *s, struct mig_prepared *p,
                      struct mig_tracking *tracking)
{
    mig_prepare_steps(s, p, tracking);
    vet_steps(s, p);
}
