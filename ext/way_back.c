#include "compiler.h"

#include "way_back.h"

#include "definition.h"
#include "query.h"
#include "swap.h"

struct differences {
    struct mig_judge *j;
    const struct mig_inventory *before;
    bool found;
};

/* The text that an object had before. */
static const char *find_text(const struct mig_inventory *before,
                             const struct mig_inventory_object *object)
{
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->list[i].type, object->type) == 0 &&
            sqlite3_stricmp(before->list[i].name, object->name) == 0)
            return before->list[i].sql;
    return NULL;
}

static void report(void *context, enum mig_inventory_change change,
                   const struct mig_inventory_object *object)
{
    static const char *const words[] = {
        [MIG_INVENTORY_CREATED] = "is left",
        [MIG_INVENTORY_CHANGED] = "is not what it was",
        [MIG_INVENTORY_DROPPED] = "is not there again",
    };
    struct differences *differences = context;

    if (change == MIG_INVENTORY_CHANGED &&
        mig_sql_same(find_text(differences->before, object), object->sql))
        return;
    differences->found = true;
    mig_lint_note(differences->j->s, differences->j->lint, MIG_LINT_FILE,
                  MIG_RULE_DOWN_NOT_INVERSE, object->name, "after up and down, %s %s %s",
                  object->type, object->name, words[change]);
}

/* Notes how the clone's schema differs from the one before; true when it does. */
static bool compare(struct mig_judge *j, const struct mig_inventory *before)
{
    struct differences differences = {j, before, false};
    struct mig_inventory behind;

    mig_inventory_init(&behind);
    mig_inventory_read(&j->clone->session, &behind);
    mig_session_take(j->s, &j->clone->session);
    if (mig_session_ok(j->s))
        mig_inventory_compare(before, &behind, report, &differences);
    mig_inventory_release(&behind);
    return differences.found;
}

/* True when the text changes rows that were there before its operation. */
static const char *find_row_change(const struct mig_judge *j)
{
    for (size_t i = 0; i < j->trial->count; i++) {
        const struct mig_deed *deed = &j->trial->deeds[i];

        if (mig_head_is_rows(deed->head.kind) && deed->name != NULL &&
            mig_swaps_of(j->swaps, i) == NULL &&
            mig_lineage_of(j->lineage, deed->name).live != NULL)
            return deed->name;
    }
    return NULL;
}

static bool changes_anything(const struct mig_trial *trial)
{
    for (size_t i = 0; i < trial->count; i++)
        if (mig_head_is_rows(trial->deeds[i].head.kind) ||
            mig_head_is_schema(trial->deeds[i].head.kind))
            return true;
    return false;
}

/* Notes what is not as it was. True: the schema is the one before. */
static bool judge_inverse(struct mig_judge *down, const struct mig_judge *up,
                          const struct mig_inventory *before)
{
    const char *table = find_row_change(up);
    const bool differ = before != NULL && compare(down, before);

    if (!differ && table != NULL && !changes_anything(down->trial))
        mig_lint_note(down->s, down->lint, MIG_LINT_FILE, MIG_RULE_DOWN_NOT_INVERSE, table,
                      "the operation changes rows of %s, and the down file changes nothing",
                      table);
    return !differ;
}

/* Runs what the operation has changed in the schema once more. */
static bool run_again(const struct mig_judge *up)
{
    for (size_t i = 0; i < up->trial->count; i++) {
        const struct mig_deed *deed = &up->trial->deeds[i];

        if (deed->head.kind == MIG_HEAD_PRAGMA)
            return false; /* what it set decides what the others do */
    }
    for (size_t i = 0; i < up->trial->count; i++) {
        const struct mig_deed *deed = &up->trial->deeds[i];

        if (deed->is_new && mig_clone_execute(up->clone, up->trial->text + deed->start,
                                              deed->length) != MIG_CLONE_DONE)
            return false;
    }
    return true;
}

#define SAVEPOINT "migrate_way_back"

/* Forgets what has failed on the clone, but not what ends all work. */
static void forget_failure(struct mig_session *s, struct mig_session *c)
{
    struct mig_session failure;

    mig_session_forget(c, &failure);
    if (failure.outcome == MIG_NO_MEMORY || failure.outcome == MIG_INTERRUPTED)
        mig_session_take(s, &failure);
    mig_session_release(&failure);
}

/* Brings the clone back behind the operation. To roll back makes SQLite read the whole schema anew. */
static bool restore(const struct mig_judge *up, bool is_inverse)
{
    struct mig_session *c = &up->clone->session;
    bool is_back;

    if (!is_inverse || !run_again(up)) {
        forget_failure(up->s, c);
        mig_query_execute(c, "ROLLBACK TO " SAVEPOINT);
    }
    mig_query_execute(c, "RELEASE " SAVEPOINT);
    is_back = mig_session_ok(c);
    forget_failure(up->s, c);
    return is_back;
}

/* Adds the statements to the list of the lint. */
static void add_statements(struct mig_judge *j)
{
    for (size_t i = 0; i < j->trial->count && mig_session_ok(j->s); i++) {
        const struct mig_statement statement = {.start = j->trial->deeds[i].start,
                                                .end = j->trial->deeds[i].start +
                                                       j->trial->deeds[i].length};

        (void)mig_lint_statement(j->s, j->lint, &statement);
    }
}

/* Judges what has been tried. True: the schema is the one before. */
static bool judge(struct mig_judge *down, struct mig_swaps *swaps, const struct mig_judge *up,
                  const struct mig_inventory *before)
{
    mig_swaps_find(up->s, down->trial, swaps);
    add_statements(down);
    mig_judge_run(down);
    if (!down->trial->has_failure && !up->trial->has_failure)
        return judge_inverse(down, up, before);
    mig_lint_note(up->s, up->lint, MIG_LINT_FILE, MIG_RULE_NOT_JUDGED, NULL,
                  "whether it is the way back is not known: not all statements of %s could be "
                  "tried",
                  down->trial->has_failure ? "it" : "the operation");
    return false;
}

bool mig_way_back_judge(const struct mig_judge *up, const struct mig_inventory *before,
                        const char *text, size_t length)
{
    const struct mig_lineage_mark mark = mig_lineage_mark(up->lineage);
    struct mig_judge down = *up;
    struct mig_trial trial;
    struct mig_swaps swaps;
    bool is_inverse;
    bool is_back = true;

    if (!mig_session_ok(up->s))
        return false;
    mig_trial_init(&trial);
    mig_swaps_init(&swaps);
    trial.memory = up->trial->memory;
    trial.only_prepares = before == NULL;
    down.trial = &trial;
    down.swaps = &swaps;
    down.is_way_back = true;
    if (before != NULL)
        mig_query_execute(&up->clone->session, "SAVEPOINT " SAVEPOINT);
    mig_trial_run(up->s, &trial, up->clone, text, length);
    is_inverse = judge(&down, &swaps, up, before);
    if (before != NULL)
        is_back = restore(up, is_inverse);
    mig_lineage_back(up->lineage, &mark);
    mig_swaps_release(&swaps);
    mig_trial_release(&trial);
    return is_back && mig_session_ok(up->s);
}
