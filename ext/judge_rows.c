#include "compiler.h"

#include "judge.h"

#include "query.h"
#include "swap.h"
#include "transfer.h"

/* True when the statement reads the whole table, by SQLite's own plan for it. */
static bool scans(struct mig_judge *j, const struct mig_deed *deed, const char *table)
{
    struct mig_session probe;
    sqlite3_stmt *query;
    bool found = false;

    mig_session_init(&probe, j->clone->session.db, j->s->options);
    query = mig_query_prepare(&probe, "EXPLAIN QUERY PLAN %.*s", (int)deed->length,
                              j->trial->text + deed->start);
    while (mig_query_step(&probe, query)) {
        const char *line = (const char *)sqlite3_column_text(query, 3);
        const size_t length = strlen(table);

        if (line != NULL && strncmp(line, "SCAN ", 5) == 0 &&
            sqlite3_strnicmp(line + 5, table, (int)length) == 0 &&
            (line[5 + length] == '\0' || line[5 + length] == ' '))
            found = true;
    }
    mig_query_finish(query);
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(j->s, &probe);
    mig_session_release(&probe);
    return found;
}

/* Notes the large tables that the statement reads or writes from end to end. */
static void judge_length(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const char *last = NULL;

    if (deed->head.kind != MIG_HEAD_INSERT && !deed->head.has_where) {
        mig_judge_long(j, i, deed->name, "writes");
        return;
    }
    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];

        if (action->code != SQLITE_READ || action->trigger != NULL || action->first == NULL ||
            (last != NULL && strcmp(last, action->first) == 0))
            continue;
        last = action->first;
        if (mig_judge_is_long(j, last) && scans(j, deed, last))
            mig_judge_long(j, i, last, "reads");
    }
}

static void judge_delete(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, deed->name);
    const struct mig_answer rows = mig_judge_rows(j, deed->name);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (deed->head.has_where)
        mig_judge_loss(j, i, MIG_RULE_DELETES_ROWS, deed->name,
                       mig_judge_past_of_rows(j, &ancestry), "deletes rows of %s, which has %s",
                       deed->name, count);
    else if (rows.verdict == MIG_ASK_NO)
        mig_judge_loss(j, i, MIG_RULE_DELETE_WITHOUT_WHERE, deed->name,
                       mig_judge_past(&ancestry),
                       "deletes all rows of %s, which has none in this database", deed->name);
    else
        mig_judge_loss(j, i, MIG_RULE_DELETE_WITHOUT_WHERE, deed->name,
                       mig_judge_past(&ancestry), "deletes all rows of %s: %s", deed->name,
                       count);
}

/* The first column with values of before that the statement itself overwrites, and what is known of it;
 * NULL: none. */
static const char *find_overwritten(struct mig_judge *j, const struct mig_deed *deed,
                                    struct mig_column_ancestry *out_ancestry)
{
    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];

        if (action->code == SQLITE_UPDATE && action->trigger == NULL && action->first != NULL &&
            action->second != NULL && sqlite3_stricmp(action->first, deed->name) == 0) {
            *out_ancestry = mig_lineage_of_column(j->lineage, deed->name, action->second);
            if (mig_lineage_is_old(out_ancestry))
                return action->second;
        }
    }
    return NULL;
}

static void judge_update(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    struct mig_column_ancestry past;
    const char *column = find_overwritten(j, deed, &past);
    const struct mig_answer rows = mig_judge_rows(j, deed->name);
    char count[MIG_JUDGE_COUNT_BYTES];

    if (column == NULL)
        return;
    mig_judge_count_text(&rows, count);
    if (deed->head.kind == MIG_HEAD_INSERT)
        mig_judge_overwrite(j, i, MIG_RULE_UPDATES_ROWS, deed->name, &past,
                            "overwrites %s in rows of %s that are in the way, which has %s",
                            column, deed->name, count);
    else if (deed->head.has_where)
        mig_judge_overwrite(j, i, MIG_RULE_UPDATES_ROWS, deed->name, &past,
                            "overwrites %s in rows of %s, which has %s", column, deed->name,
                            count);
    else if (rows.verdict == MIG_ASK_NO)
        mig_judge_overwrite(j, i, MIG_RULE_UPDATE_WITHOUT_WHERE, deed->name, &past,
                            "overwrites %s in all rows of %s, which has none in this database",
                            column, deed->name);
    else
        mig_judge_overwrite(j, i, MIG_RULE_UPDATE_WITHOUT_WHERE, deed->name, &past,
                            "overwrites %s in all rows of %s: %s", column, deed->name, count);
}

/* True when the statement brings rows of another table. */
static bool is_copy(const struct mig_judge *j, const struct mig_deed *deed)
{
    struct mig_transfer transfer;

    mig_transfer_read(j->trial->text + deed->start, deed->length, &deed->head, &transfer);
    return transfer.is_read && transfer.from.length > 0;
}

static void judge_conflict(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, deed->name);
    const struct mig_answer rows = mig_judge_rows(j, deed->name);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (mig_token_is_word(&deed->head.conflict, "REPLACE"))
        mig_judge_loss(j, i, MIG_RULE_REPLACE_DELETES, deed->name, mig_judge_past(&ancestry),
                       "OR REPLACE deletes rows of %s that are in the way; it has %s",
                       deed->name, count);
    else if (deed->replaces != NULL)
        mig_judge_loss(j, i, MIG_RULE_REPLACE_DELETES, deed->name, mig_judge_past(&ancestry),
                       "%s is declared ON CONFLICT REPLACE (%s), which deletes rows that are "
                       "in the way; it has %s",
                       deed->name, deed->replaces, count);
    else if (mig_token_is_word(&deed->head.conflict, "IGNORE") && is_copy(j, deed))
        mig_judge_note(j, i, MIG_RULE_REPLACE_DELETES, deed->name,
                       "OR IGNORE leaves out rows that %s does not take, and says nothing",
                       deed->name);
}

/* Longer names and strings are none of those that are looked for. */
#define COMMAND_BYTES 128

static bool is_text(const struct mig_token *token, const char *text)
{
    char unquoted[COMMAND_BYTES];

    if (token->length >= sizeof(unquoted))
        return false;
    (void)mig_token_unquote(token, unquoted);
    return sqlite3_stricmp(unquoted, text) == 0;
}

/* The command to take rows out of the index that an INSERT into a full-text table gives; NULL: none. It goes to
 * the column that has the name of the table. */
static const char *find_command(const struct mig_judge *j, const struct mig_deed *deed)
{
    const char *text = j->trial->text + deed->start;
    size_t position = deed->head.body;
    struct mig_token token = mig_token_next(text, deed->length, &position);
    bool is_to_table = false;

    if (token.kind != MIG_TOKEN_OTHER || token.text[0] != '(')
        return NULL;
    while (token.kind != MIG_TOKEN_END && token.text[0] != ')') {
        token = mig_token_next(text, deed->length, &position);
        is_to_table |= mig_token_is_name(&token) && is_text(&token, deed->name);
    }
    while (is_to_table && token.kind != MIG_TOKEN_END) {
        token = mig_token_next(text, deed->length, &position);
        if (token.kind == MIG_TOKEN_STRING && is_text(&token, "delete"))
            return "delete";
        if (token.kind == MIG_TOKEN_STRING && is_text(&token, "delete-all"))
            return "delete-all";
    }
    return NULL;
}

/* Notes that rows are not found any more, though nothing is deleted. */
static void judge_command(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_ancestry ancestry = mig_lineage_of(j->lineage, deed->name);
    const char *command = find_command(j, deed);

    if (command == NULL ||
        mig_query_integer(j->s, 0,
                          "SELECT EXISTS(SELECT 1 FROM pragma_table_xinfo(%Q,'main') WHERE "
                          "hidden=1 AND name=%Q COLLATE NOCASE)",
                          ancestry.live, ancestry.live) == 0)
        return;
    mig_judge_loss(
        j, i, MIG_RULE_DELETES_ROWS, deed->name, mig_judge_past_of_rows(j, &ancestry),
        "the command '%s' takes rows out of the full-text index %s", command, deed->name);
}

/* What triggers do to other rows, whatever fires them. */
static void judge_triggers(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];
        struct mig_ancestry ancestry;

        if (action->trigger == NULL || action->first == NULL || mig_touch_writes_schema(action))
            continue;
        ancestry = mig_lineage_of(j->lineage, action->first);
        if (action->code == SQLITE_DELETE)
            mig_judge_loss(j, i, MIG_RULE_DELETES_ROWS, action->first,
                           mig_judge_past_of_rows(j, &ancestry),
                           "trigger %s deletes rows of %s", action->trigger, action->first);
        else if (action->code == SQLITE_UPDATE && action->second != NULL &&
                 ancestry.live != NULL &&
                 mig_lineage_of_column(j->lineage, action->first, action->second).live != NULL)
            mig_judge_note(j, i, MIG_RULE_UPDATES_ROWS, action->first,
                           "trigger %s overwrites %s in rows of %s", action->trigger,
                           action->second, action->first);
    }
}

static bool acts(const char *action)
{
    return sqlite3_stricmp(action, "CASCADE") == 0 ||
           sqlite3_stricmp(action, "SET NULL") == 0 ||
           sqlite3_stricmp(action, "SET DEFAULT") == 0;
}

/* True for a column of the primary key of the deed's table. */
static bool is_key_column(const struct mig_judge *j, const struct mig_deed *deed,
                          const char *column)
{
    const struct mig_shape *shape = mig_trial_shape(j->trial, deed->name);
    const struct mig_shape_column *found =
        shape == NULL ? NULL : mig_shape_column(shape, column);

    return shape == NULL || (found != NULL && found->key > 0);
}

/* True when the statement overwrites a column that the key points at. */
static bool overwrites(const struct mig_judge *j, const struct mig_deed *deed,
                       const struct mig_shape_foreign_key *key)
{
    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];

        if (action->code != SQLITE_UPDATE || action->trigger != NULL || action->first == NULL ||
            action->second == NULL || sqlite3_stricmp(action->first, deed->name) != 0)
            continue;
        for (size_t c = 0; c < key->column_count; c++)
            if (key->parent_columns[c] == NULL
                    ? is_key_column(j, deed, action->second)
                    : sqlite3_stricmp(action->second, key->parent_columns[c]) == 0)
                return true;
    }
    return false;
}

/* True when the plan has written to a column of the key, or deleted rows of the child. */
static bool has_moved(struct mig_judge *j, const struct mig_shape_foreign_key *key)
{
    bool found = mig_lineage_of(j->lineage, key->child).is_thinned;

    for (size_t c = 0; c < key->column_count; c++) {
        const struct mig_column_ancestry ancestry =
            mig_lineage_of_column(j->lineage, key->child, key->columns[c]);

        found |= ancestry.is_changed || ancestry.live == NULL ||
                 sqlite3_stricmp(ancestry.live, key->columns[c]) != 0;
    }
    return found;
}

/* Has the child rows that point at the parent? Both are called otherwise in the live database, perhaps. */
static struct mig_answer ask_children(struct mig_judge *j,
                                      const struct mig_shape_foreign_key *key)
{
    const struct mig_ancestry child = mig_lineage_of(j->lineage, key->child);
    const struct mig_ancestry parent = mig_lineage_of(j->lineage, key->parent);
    struct mig_shape_foreign_key live = *key;
    struct mig_answer answer = {MIG_ASK_NO, "there are none", 0};

    live.child = child.live;
    live.parent = parent.live;
    if (child.live != NULL && parent.live != NULL && !has_moved(j, key))
        answer = mig_ask_children(j->s, j->ask, &live);
    else if (child.live != NULL)
        answer.verdict = MIG_ASK_UNKNOWN;
    if (answer.verdict == MIG_ASK_NO && child.filled > 0)
        answer.verdict = MIG_ASK_UNKNOWN;
    if (answer.verdict == MIG_ASK_UNKNOWN && (child.filled > 0 || has_moved(j, key)))
        answer.why = "the plan changes its rows first";
    return answer;
}

static void note_cascade(struct mig_judge *j, size_t i, const struct mig_shape_foreign_key *key,
                         enum mig_judge_event event)
{
    const struct mig_deed *deed = &j->trial->deeds[i];
    const struct mig_ancestry child = mig_lineage_of(j->lineage, key->child);
    const char *action = event == MIG_EVENT_UPDATE ? key->on_update : key->on_delete;
    const bool cascades = sqlite3_stricmp(action, "CASCADE") == 0;
    const struct mig_answer rows = mig_judge_rows(j, key->child);
    char count[MIG_JUDGE_COUNT_BYTES];

    mig_judge_count_text(&rows, count);
    if (event == MIG_EVENT_DROP && !acts(action))
        mig_judge_loss(j, i, MIG_RULE_FIRES_CASCADE, key->child, mig_judge_past(&child),
                       "rows of %s refer to %s (%s), so the operation fails", key->child,
                       deed->name, key->columns[0]);
    else if (event == MIG_EVENT_DROP)
        mig_judge_loss(
            j, i, MIG_RULE_FIRES_CASCADE, key->child, mig_judge_past(&child),
            "rows of %s refer to %s (%s), so the operation fails; the sqlite3 shell would %s "
            "(ON DELETE %s) where foreign keys are on",
            key->child, deed->name, key->columns[0],
            cascades ? "delete them" : "take their reference", action);
    else
        mig_judge_loss(j, i, MIG_RULE_FIRES_CASCADE, key->child, mig_judge_past(&child),
                       "%s %s of %s.%s %s rows of %s, which has %s",
                       event == MIG_EVENT_UPDATE ? "ON UPDATE" : "ON DELETE", action,
                       key->child, key->columns[0],
                       !cascades                   ? "takes the reference from"
                       : event == MIG_EVENT_UPDATE ? "changes"
                                                   : "deletes",
                       key->child, count);
}

void mig_judge_cascade(struct mig_judge *j, size_t i, enum mig_judge_event event)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    for (size_t k = 0; k < deed->child_count && mig_session_ok(j->s); k++) {
        const struct mig_shape_foreign_key *key = &deed->children[k];
        const char *action = event == MIG_EVENT_UPDATE ? key->on_update : key->on_delete;
        struct mig_answer answer;

        if (event == MIG_EVENT_DROP ? sqlite3_stricmp(key->child, deed->name) == 0
                                    : !acts(action))
            continue;
        if (event == MIG_EVENT_UPDATE && !overwrites(j, deed, key))
            continue;
        answer = ask_children(j, key);
        if (answer.verdict == MIG_ASK_YES)
            note_cascade(j, i, key, event);
        else if (answer.verdict == MIG_ASK_UNKNOWN)
            mig_judge_note(j, i, MIG_RULE_NOT_JUDGED, key->child,
                           "whether rows of %s refer to those of %s is not known: %s",
                           key->child, deed->name, answer.why);
    }
}

/* What foreign keys do to tables that do not refer to this one themselves. */
static void judge_far_cascades(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    for (size_t a = deed->first_action; a < deed->end_action; a++) {
        const struct mig_touch *action = &j->trial->actions.list[a];
        struct mig_ancestry ancestry;
        bool is_near = false;

        if (action->trigger != NULL || action->first == NULL ||
            (action->code != SQLITE_DELETE && action->code != SQLITE_UPDATE) ||
            sqlite3_stricmp(action->first, deed->name) == 0 || mig_touch_writes_schema(action))
            continue;
        for (size_t k = 0; k < deed->child_count; k++)
            is_near |= sqlite3_stricmp(deed->children[k].child, action->first) == 0;
        ancestry = mig_lineage_of(j->lineage, action->first);
        if (!is_near && mig_judge_rows(j, action->first).verdict != MIG_ASK_NO)
            mig_judge_loss(j, i, MIG_RULE_FIRES_CASCADE, action->first,
                           mig_judge_past(&ancestry),
                           "foreign keys %s rows of %s in their turn",
                           action->code == SQLITE_DELETE ? "delete" : "change", action->first);
    }
}

void mig_judge_rows_change(struct mig_judge *j, size_t i)
{
    const struct mig_deed *deed = &j->trial->deeds[i];

    if (deed->name == NULL)
        return;
    /* The copy of a rebuild is judged with that. */
    if (mig_swaps_of(j->swaps, i) != NULL) {
        judge_triggers(j, i);
        judge_length(j, i);
        return;
    }
    if (deed->is_table && deed->head.kind == MIG_HEAD_DELETE)
        judge_delete(j, i);
    else if (deed->is_table)
        judge_update(j, i);
    judge_conflict(j, i);
    if (deed->head.kind == MIG_HEAD_INSERT)
        judge_command(j, i);
    judge_triggers(j, i);
    if (deed->head.kind == MIG_HEAD_DELETE || deed->replaces != NULL ||
        mig_token_is_word(&deed->head.conflict, "REPLACE"))
        mig_judge_cascade(j, i, MIG_EVENT_DELETE);
    if (deed->head.kind != MIG_HEAD_DELETE)
        mig_judge_cascade(j, i, MIG_EVENT_UPDATE);
    judge_far_cascades(j, i);
    judge_length(j, i);
}
