#include "compiler.h"

#include "judge.h"

#include "swap.h"
#include "traffic.h"

#include <stdarg.h>

/* True for what would be wrong in any file, a way back included. */
static bool is_general(enum mig_rule rule)
{
    return rule == MIG_RULE_REFUSED || rule == MIG_RULE_NOT_JUDGED ||
           rule == MIG_RULE_WRITES_SCHEMA_TABLE || rule == MIG_RULE_OUTSIDE_MAIN;
}

static void note_written(struct mig_judge *j, size_t i, enum mig_rule rule,
                         enum mig_rule_severity severity, const char *object, char *why)
{
    if (why == NULL)
        mig_session_fail_memory(j->s);
    else
        mig_lint_note_as(j->s, j->lint, i, (struct mig_lint_weight){rule, severity, NULL},
                         object, "%s", why);
    sqlite3_free(why);
}

void mig_judge_note(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                    const char *format, ...)
{
    va_list arguments;

    if (!mig_session_ok(j->s) || (j->is_way_back && !is_general(rule)))
        return;
    va_start(arguments, format);
    note_written(j, i, rule, mig_rule_info(rule)->severity, object,
                 sqlite3_vmprintf(format, arguments));
    va_end(arguments);
}

struct mig_judge_past mig_judge_past(const struct mig_ancestry *table)
{
    return (struct mig_judge_past){table->step, table->filled > 0};
}

struct mig_judge_past mig_judge_past_of_column(const struct mig_column_ancestry *column)
{
    return (struct mig_judge_past){column->step, column->is_changed || column->has_old};
}

struct mig_judge_past mig_judge_past_of_rows(const struct mig_judge *j,
                                             const struct mig_ancestry *table)
{
    const bool is_own = j->is_way_back && table->filled == j->lineage->step;

    return (struct mig_judge_past){is_own ? table->filled : table->step, table->filled > 0};
}

void mig_judge_loss(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                    struct mig_judge_past past, const char *format, ...)
{
    enum mig_rule_severity severity = mig_rule_info(rule)->severity;
    va_list arguments;

    if (!mig_session_ok(j->s) || (!j->is_way_back && past.step > 0 && !past.is_filled))
        return;
    if (j->is_way_back) {
        rule = past.step == j->lineage->step ? MIG_RULE_DOWN_REMOVES : MIG_RULE_DOWN_LOSES_DATA;
        severity = mig_rule_info(rule)->severity;
    } else if (past.step > 0) {
        severity = MIG_RULE_SEVERITY_NOTE;
    }
    va_start(arguments, format);
    note_written(j, i, rule, severity, object, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
}

void mig_judge_overwrite(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                         const struct mig_column_ancestry *column, const char *format, ...)
{
    va_list arguments;

    if (!mig_session_ok(j->s) || j->is_way_back || !mig_lineage_is_old(column))
        return;
    va_start(arguments, format);
    note_written(j, i, rule,
                 column->live != NULL ? mig_rule_info(rule)->severity : MIG_RULE_SEVERITY_NOTE,
                 object, sqlite3_vmprintf(format, arguments));
    va_end(arguments);
}

struct mig_answer mig_judge_rows(struct mig_judge *j, const char *table)
{
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, table);
    struct mig_answer none = {MIG_ASK_NO, "the plan has made the table", 0};

    if (ancestry.live != NULL)
        return mig_ask_rows(j->s, j->ask, ancestry.live);
    if (ancestry.filled > 0) {
        none.verdict = MIG_ASK_UNKNOWN;
        none.why = "the plan has filled the table";
    }
    return none;
}

void mig_judge_count_text(const struct mig_answer *answer, char out[MIG_JUDGE_COUNT_BYTES])
{
    if (answer->verdict == MIG_ASK_UNKNOWN)
        (void)snprintf(out, MIG_JUDGE_COUNT_BYTES, "an unknown number of rows");
    else if (answer->count > MIG_ASK_COUNT_MAX)
        (void)snprintf(out, MIG_JUDGE_COUNT_BYTES, "over %lld rows",
                       (long long)MIG_ASK_COUNT_MAX);
    else
        (void)snprintf(out, MIG_JUDGE_COUNT_BYTES, "%lld %s", (long long)answer->count,
                       answer->count == 1 ? "row" : "rows");
}

const char *mig_judge_column(struct mig_judge *j, const char *table, const char *column)
{
    char *joined = sqlite3_mprintf("%s.%s", table, column);
    const char *kept = joined == NULL ? NULL : mig_arena_text(j->s, &j->trial->arena, joined);

    if (joined == NULL)
        mig_session_fail_memory(j->s);
    sqlite3_free(joined);
    return kept == NULL ? column : kept;
}

/* From how many rows on a statement takes long. */
#define LONG_ROWS 100000

bool mig_judge_is_long(struct mig_judge *j, const char *table)
{
    const struct mig_answer rows = mig_judge_rows(j, table);

    return rows.verdict == MIG_ASK_YES && rows.count > LONG_ROWS;
}

void mig_judge_long(struct mig_judge *j, size_t i, const char *table, const char *what)
{
    const struct mig_answer rows = mig_judge_rows(j, table);
    char count[MIG_JUDGE_COUNT_BYTES];

    if (!mig_judge_is_long(j, table))
        return;
    mig_judge_count_text(&rows, count);
    mig_judge_note(j, i, MIG_RULE_LONG_RUNNING, table, "%s all rows of %s, which has %s", what,
                   table, count);
}

void mig_judge_answer(struct mig_judge *j, size_t i, enum mig_rule rule, const char *object,
                      const struct mig_answer *answer)
{
    if (!mig_session_ok(j->s))
        return;
    if (answer->verdict == MIG_ASK_YES)
        mig_judge_note(j, i, rule, object, "%s", answer->why);
    else if (answer->verdict == MIG_ASK_UNKNOWN)
        mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, object,
                       "whether this is %s cannot be asked: %s", mig_rule_info(rule)->id,
                       answer->why);
}

const char *mig_judge_object(struct mig_judge *j, const struct mig_deed *deed)
{
    if (deed->name != NULL && deed->column != NULL)
        return mig_judge_column(j, deed->name, deed->column);
    return deed->name;
}

static bool is_other_schema(const char *schema)
{
    return schema != NULL && sqlite3_stricmp(schema, "main") != 0;
}

/* The other database than main whose rows or objects the action changes; NULL: none. */
static const char *outside_of(const struct mig_touch *action)
{
    const char *schema = action->code == SQLITE_ALTER_TABLE ? action->first : action->schema;
    const bool writes = mig_touch_writes_rows(action) || mig_touch_is_ddl(action);

    return writes && is_other_schema(schema) && !mig_touch_writes_schema(action) ? schema
                                                                                 : NULL;
}

static void judge_outside(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];

        const char *schema = outside_of(action);

        if (schema == NULL)
            continue;
        if (sqlite3_stricmp(schema, "temp") == 0)
            mig_judge_note(j, i, MIG_RULE_OUTSIDE_MAIN, deed->name,
                           "writes to the temporary database, which is gone when the "
                           "connection is closed");
        else
            mig_judge_note(j, i, MIG_RULE_OUTSIDE_MAIN, deed->name,
                           "writes to the attached database %s, whose version nobody keeps",
                           schema);
        return;
    }
    if (deed->head.kind == MIG_HEAD_ATTACH)
        mig_judge_note(j, i, MIG_RULE_OUTSIDE_MAIN, deed->name,
                       "attaches another database as %s, whose version nobody keeps",
                       deed->name);
}

static void judge_schema_table(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    for (size_t a = deed->first_action; a < deed->end_action; a++)
        if (mig_touch_writes_schema(&j->trial->actions.list[a]))
            mig_judge_note(j, i, MIG_RULE_WRITES_SCHEMA_TABLE, j->trial->actions.list[a].first,
                           "writes to %s by hand; what stands behind it is judged by the "
                           "schema before",
                           j->trial->actions.list[a].first);
}

/* True for a column or table that this very plan has added, so that no value of it is lost. */
static bool is_backfill(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    bool found = false;

    if (deed->name != NULL && mig_lineage_of(j->lineage, deed->name).live == NULL)
        return true;
    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];

        if (!mig_touch_writes_rows(action))
            continue;
        if (action->code != SQLITE_UPDATE || action->second == NULL ||
            mig_lineage_of_column(j->lineage, action->first, action->second).live != NULL)
            return false;
        found = true;
    }
    return found;
}

/* Notes, once a text, that it changes rows of old tables and the schema. */
static void judge_mixed(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_deed *other = NULL;

    if (j->has_mixed || !mig_head_is_rows(deed->head.kind) ||
        mig_swaps_of(j->swaps, i) != NULL || is_backfill(j, i))
        return;
    for (size_t d = 0; d < j->trial->count && other == NULL; d++)
        if (mig_head_is_schema(j->trial->deeds[d].head.kind) &&
            mig_swaps_of(j->swaps, d) == NULL)
            other = &j->trial->deeds[d];
    if (other == NULL || other->name == NULL || deed->name == NULL)
        return;
    j->has_mixed = true;
    mig_judge_note(j, i, MIG_RULE_MIXED_CHANGE, deed->name,
                   "changes rows of %s in an operation that changes the schema too (%s %s)",
                   deed->name, mig_head_kind_name(other->head.kind), other->name);
}

/* A statement that may do more than SQLite says. */
static void judge_other(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    if (deed->head.kind == MIG_HEAD_CREATE_VIRTUAL_TABLE)
        return;
    if (deed->head.kind == MIG_HEAD_OTHER)
        mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, NULL, "what it does is not known");
}

/* The rules for one statement that could be tried. */
static void judge_deed(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    judge_outside(j, i);
    judge_schema_table(j, i);
    judge_mixed(j, i);
    switch ((int)deed->head.kind) {
    case MIG_HEAD_DROP_TABLE:
    case MIG_HEAD_DROP_INDEX:
    case MIG_HEAD_DROP_VIEW:
    case MIG_HEAD_DROP_TRIGGER:
        mig_judge_drop(j, i);
        break;
    case MIG_HEAD_DROP_COLUMN:
    case MIG_HEAD_RENAME_TABLE:
    case MIG_HEAD_RENAME_COLUMN:
    case MIG_HEAD_ALTER_TABLE:
        mig_judge_alter(j, i);
        break;
    case MIG_HEAD_ADD_COLUMN:
        mig_judge_add_column(j, i);
        break;
    case MIG_HEAD_CREATE_INDEX:
        mig_judge_create_index(j, i);
        break;
    case MIG_HEAD_INSERT:
    case MIG_HEAD_UPDATE:
    case MIG_HEAD_DELETE:
        mig_judge_rows_change(j, i);
        break;
    default:
        judge_other(j, i);
        break;
    }
}

/* Notes for the statements behind what this one has made or changed. */
static void follow_rows(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];

        if (!mig_touch_writes_rows(action) || is_other_schema(action->schema))
            continue;
        if (action->code == SQLITE_INSERT)
            mig_lineage_fill(j->s, j->lineage, action->first);
        else
            mig_lineage_change(j->s, j->lineage, action->first,
                               action->code == SQLITE_UPDATE ? action->second : NULL);
    }
}

static bool is_old(const struct mig_judge *j, const char *table)
{
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, table);

    return ancestry.live != NULL || ancestry.has_old;
}

/* True when the statement reads a table of before, or one with rows of such. */
static bool reads_old(struct mig_judge *j, const struct mig_deed *deed)
{
    const char *source = NULL;

    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];

        if (action->code != SQLITE_READ || action->first == NULL)
            continue;
        source = action->first;
        if (!is_other_schema(action->schema) && is_old(j, source))
            return true;
    }
    if (source != NULL)
        return false;
    source = mig_traffic_source(j->s, j->trial, deed);
    return source != NULL && is_old(j, source);
}

/* The copy of a rebuild brings what was there to a table that is known to be the old one. */
static void follow_insert(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const bool is_copy = mig_swaps_of(j->swaps, i) != NULL;
    const struct mig_touch *action = mig_trial_find(j->trial, deed, SQLITE_INSERT, deed->name);
    const bool takes = action != NULL && !is_other_schema(action->schema) && reads_old(j, deed);

    if (is_copy && (!takes || is_old(j, deed->name)))
        return;
    follow_rows(j, i);
    if (takes)
        mig_lineage_take(j->s, j->lineage, deed->name);
}

static void follow_create(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_touch *action = mig_trial_find(j->trial, deed, SQLITE_CREATE_TABLE, NULL);

    /* IF NOT EXISTS, and it exists; or in another database. */
    if (action == NULL || is_other_schema(action->schema))
        return;
    mig_lineage_create(j->s, j->lineage, deed->name);
    if (deed->is_filled)
        mig_lineage_fill(j->s, j->lineage, deed->name);
    if (deed->is_filled && reads_old(j, deed))
        mig_lineage_take(j->s, j->lineage, deed->name);
    mig_judge_inherit(j, i);
}

static void follow_rename(struct mig_judge *j, const struct mig_deed *deed)
{
    if (deed->to == NULL)
        return;
    if (deed->head.kind == MIG_HEAD_RENAME_TABLE)
        mig_lineage_rename(j->s, j->lineage, deed->name, deed->to);
    else if (deed->column != NULL)
        mig_lineage_rename_column(j->s, j->lineage, deed->name, deed->column, deed->to);
}

static void follow(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    if (deed->name == NULL || (deed->failure != NULL && !mig_head_is_rows(deed->head.kind)))
        return;
    switch ((int)deed->head.kind) {
    case MIG_HEAD_CREATE_TABLE:
        follow_create(j, i);
        break;
    case MIG_HEAD_CREATE_VIRTUAL_TABLE:
        mig_lineage_create(j->s, j->lineage, deed->name);
        break;
    case MIG_HEAD_RENAME_TABLE:
    case MIG_HEAD_RENAME_COLUMN:
        follow_rename(j, deed);
        break;
    case MIG_HEAD_ADD_COLUMN:
        if (deed->column != NULL)
            mig_lineage_add_column(j->s, j->lineage, deed->name, deed->column);
        break;
    case MIG_HEAD_INSERT:
        follow_insert(j, i);
        break;
    case MIG_HEAD_UPDATE:
    case MIG_HEAD_DELETE:
        if (mig_swaps_of(j->swaps, i) == NULL)
            follow_rows(j, i);
        break;
    default:
        break;
    }
}

void mig_judge_run(struct mig_judge *j)
{
    const bool had_doubt = j->trial->memory->has_doubt;

    mig_judge_rebuilds(j);
    for (size_t i = 0; i < j->trial->count && mig_session_ok(j->s); i++) {
        const struct mig_deed *deed = &j->trial->deeds[i];
        const struct mig_swap *swap = mig_swaps_of(j->swaps, i);

        mig_lint_name(j->s, j->lint, i,
                      swap == NULL ? mig_head_kind_name(deed->head.kind) : "rebuild",
                      swap == NULL ? mig_judge_object(j, deed) : swap->name);
        if (deed->failure != NULL)
            mig_judge_failure(j, i);
        else
            judge_deed(j, i);
        follow(j, i);
        mig_judge_doubt(j, i);
    }
    if (j->is_way_back)
        j->trial->memory->has_doubt = had_doubt;
}
