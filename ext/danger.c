#include "compiler.h"

#include "danger.h"

#include "lint.h"
#include "options.h"
#include "progress.h"

static bool goes_up(const struct mig_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (!plan->steps[i].is_down)
            return true;
    return false;
}

static bool is_dangerous(const struct mig_finding *finding)
{
    return finding->rule != MIG_RULE_COUNT && !finding->is_down && !finding->is_approved &&
           finding->severity == MIG_RULE_SEVERITY_ERROR;
}

/* "operation 7 is dangerous: FILE:3: WHY (drop-column)", owned by the caller. */
static char *describe(const struct mig_prepared *prepared, const struct mig_finding *finding)
{
    char line[24] = "";

    if (finding->line > 0)
        (void)snprintf(line, sizeof(line), ":%lld", (long long)finding->line);
    return sqlite3_mprintf("operation %lld is dangerous: %s%s: %s (%s)",
                           prepared->plan.steps[finding->step].version, finding->path, line,
                           finding->why, mig_rule_info(finding->rule)->id);
}

/* Fails with the first dangerous finding, and the number of the others. */
static void refuse(struct mig_session *s, const struct mig_finding *first, const char *text,
                   int64_t count)
{
    if (count > 1)
        mig_session_fail(s, MIG_INVALID, "%s (and %lld more)", text, count - 1);
    else
        mig_session_fail(s, MIG_INVALID, "%s", text);
    if (first->rule == MIG_RULE_REFUSED) /* to approve it would change nothing */
        mig_session_hint(s, "%s", first->advice);
    else
        mig_session_hint(s, "%s; or approve it in the file: -- migrate: allow %s%s%s: REASON",
                         first->advice, mig_rule_info(first->rule)->id,
                         first->object == NULL ? "" : " ",
                         first->object == NULL ? "" : first->object);
}

static void deny(struct mig_session *s, const struct mig_prepared *prepared,
                 const struct mig_lint *lint)
{
    const struct mig_finding *first = NULL;
    int64_t count = 0;
    char *text;

    for (size_t i = 0; i < lint->count && mig_session_ok(s); i++) {
        if (!is_dangerous(&lint->list[i]))
            continue;
        if (first == NULL)
            first = &lint->list[i];
        count++;
    }
    if (first == NULL)
        return;
    text = describe(prepared, first);
    if (text == NULL)
        mig_session_fail_memory(s);
    else
        refuse(s, first, text, count);
    sqlite3_free(text);
}

static void warn(struct mig_session *s, const struct mig_prepared *prepared,
                 const struct mig_lint *lint)
{
    for (size_t i = 0; i < lint->count && mig_session_ok(s); i++) {
        char *text;

        /* A run that is going to fail says so itself, and loses nothing. */
        if (!is_dangerous(&lint->list[i]) || lint->list[i].rule == MIG_RULE_REFUSED)
            continue;
        text = describe(prepared, &lint->list[i]);
        if (text == NULL)
            mig_session_fail_memory(s);
        else
            mig_progress_warn(s, text);
        sqlite3_free(text);
    }
}

void mig_danger_check(struct mig_session *s, const struct mig_prepared *prepared)
{
    const bool denies = mig_options_choice(s, MIG_OPTION_DANGEROUS) == MIG_DANGEROUS_DENY;
    struct mig_lint lint;

    if (!mig_session_ok(s) || !goes_up(&prepared->plan))
        return;
    if (!denies && mig_options_choice(s, MIG_OPTION_PROGRESS) == MIG_PROGRESS_OFF)
        return;
    mig_lint_init(&lint);
    mig_lint_plan(s, prepared, &lint);
    if (denies)
        deny(s, prepared, &lint);
    else
        warn(s, prepared, &lint);
    mig_lint_release(&lint);
}
