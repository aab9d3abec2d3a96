#include "compiler.h"

#include "foreign_key.h"

#include "query.h"
#include "script.h"
#include "token.h"

/* A foreign key: a child table that references a parent table. */
struct relation {
    const char *child;
    const char *parent;
    bool is_marked; /* the child is to be checked */
};

/* A trigger: what is done to its table does what its text says. */
struct trigger {
    const char *table;
    const char *sql;
    bool is_wanted; /* its table was named */
    bool is_read;
};

struct search {
    struct mig_session *s;
    struct mig_arena arena;
    struct relation *relations;
    size_t relation_count;
    size_t relation_capacity;
    struct trigger *triggers;
    size_t trigger_count;
    size_t trigger_capacity;
};

bool mig_foreign_keys_enforced(const struct mig_session *s)
{
    int on = 0;

    /* Cannot fail for this setting: it is a flag of the connection. */
    (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
    return on != 0;
}

void mig_foreign_keys_enforce(struct mig_session *s, bool on)
{
    /* Setting the flag makes the connection prepare its statements anew, so only when it changes. */
    if (mig_foreign_keys_enforced(s) != on)
        (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0, NULL);
}

bool mig_foreign_keys_deferred(const struct mig_session *s)
{
    int current = 0;
    int highest = 0;

    (void)sqlite3_db_status(s->db, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0);
    return current != 0;
}

void mig_orphans_init(struct mig_orphans *orphans)
{
    memset(orphans, 0, sizeof(*orphans));
}

void mig_orphans_release(struct mig_orphans *orphans)
{
    mig_arena_release(&orphans->arena);
    sqlite3_free(orphans->list);
    mig_orphans_init(orphans);
}

static const char *column_text(struct mig_session *s, struct mig_arena *arena,
                               sqlite3_stmt *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query, column);

    return mig_arena_text(s, arena, text == NULL ? "" : text);
}

static void read_relations(struct search *search)
{
    struct mig_session *s = search->s;
    sqlite3_stmt *query = mig_query_prepare(
        s, "SELECT DISTINCT m.name,f.\"table\" FROM main.sqlite_schema AS m,"
           "pragma_foreign_key_list(m.name,'main') AS f "
           "WHERE m.type='table' AND m.sql LIKE '%%references%%' ORDER BY 1,2");

    while (mig_query_step(s, query)) {
        void *list = search->relations;
        struct relation *relation = mig_array_add(
            s, &list, search->relation_count, &search->relation_capacity, sizeof(*relation));

        search->relations = list;
        if (relation == NULL)
            break;
        relation->child = column_text(s, &search->arena, query, 0);
        relation->parent = column_text(s, &search->arena, query, 1);
        search->relation_count++;
    }
    mig_query_finish(query);
}

static void read_triggers(struct search *search)
{
    struct mig_session *s = search->s;
    sqlite3_stmt *query = mig_query_prepare(
        s, "SELECT tbl_name,sql FROM main.sqlite_schema WHERE type='trigger' UNION ALL "
           "SELECT tbl_name,sql FROM temp.sqlite_schema WHERE type='trigger'");

    while (mig_query_step(s, query)) {
        void *list = search->triggers;
        struct trigger *trigger = mig_array_add(s, &list, search->trigger_count,
                                                &search->trigger_capacity, sizeof(*trigger));

        search->triggers = list;
        if (trigger == NULL)
            break;
        trigger->table = column_text(s, &search->arena, query, 0);
        trigger->sql = column_text(s, &search->arena, query, 1);
        search->trigger_count++;
    }
    mig_query_finish(query);
}

/* True when the token stands for `name`, quoted or not, in any case of letters. */
static bool names(const struct mig_token *token, const char *name)
{
    const size_t length = strlen(name);
    char plain[512];

    if (token->kind == MIG_TOKEN_WORD)
        return token->length == length && sqlite3_strnicmp(token->text, name, (int)length) == 0;
    if (token->length >= sizeof(plain))
        return true; /* too long to be unquoted here: taken for a match, which only costs a check */
    (void)mig_token_unquote(token, plain);
    return sqlite3_stricmp(plain, name) == 0;
}

static void mark_relations(struct search *search, const struct mig_token *token)
{
    for (size_t i = 0; i < search->relation_count; i++) {
        struct relation *relation = &search->relations[i];

        if (names(token, relation->child) || names(token, relation->parent))
            relation->is_marked = true;
    }
}

static void want_triggers(struct search *search, const struct mig_token *token)
{
    for (size_t i = 0; i < search->trigger_count; i++)
        if (names(token, search->triggers[i].table))
            search->triggers[i].is_wanted = true;
}

/* A string names a table only where a table is named: INSERT INTO 'x'. */
static bool can_name_table(const struct mig_token *token, const struct mig_token *previous)
{
    static const char *const before[] = {"INTO", "UPDATE", "FROM", "TABLE", "JOIN", "TO"};

    if (token->kind == MIG_TOKEN_WORD || token->kind == MIG_TOKEN_NAME)
        return true;
    if (token->kind != MIG_TOKEN_STRING)
        return false;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        if (mig_token_is_word(previous, before[i]))
            return true;
    return previous->kind == MIG_TOKEN_OTHER && previous->length == 1 &&
           previous->text[0] == '.';
}

/* Marks what the text names. */
static void read_text(struct search *search, const char *text, size_t length)
{
    struct mig_token previous = {MIG_TOKEN_END, text, 0};
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(text, length, &position);

        if (token.kind == MIG_TOKEN_END)
            return;
        if (can_name_table(&token, &previous)) {
            mark_relations(search, &token);
            want_triggers(search, &token);
        }
        previous = token;
    }
}

/* True for statements that can change rows or tables that are there already. */
static bool can_hurt(const struct mig_statement *statement)
{
    return statement->kind == MIG_STATEMENT_WRITE || statement->kind == MIG_STATEMENT_ALTER ||
           statement->kind == MIG_STATEMENT_DROP_TABLE;
}

/* Reads the triggers that were named, which may name tables with further triggers. */
static void follow_triggers(struct search *search)
{
    size_t i = 0;

    while (i < search->trigger_count) {
        struct trigger *trigger = &search->triggers[i];

        i++;
        if (!trigger->is_wanted || trigger->is_read)
            continue;
        trigger->is_read = true;
        read_text(search, trigger->sql, strlen(trigger->sql));
        i = 0;
    }
}

static void read_script(struct search *search, const char *script, size_t length)
{
    struct mig_statement statement;
    size_t position = 0;

    while (mig_script_next(script, length, &position, &statement))
        if (can_hurt(&statement))
            read_text(search, script + statement.start, statement.end - statement.start);
    follow_triggers(search);
}

static bool is_harmless(const char *script, size_t length)
{
    struct mig_statement statement;
    size_t position = 0;

    while (mig_script_next(script, length, &position, &statement))
        if (can_hurt(&statement))
            return false;
    return true;
}

static struct mig_orphan *add_orphan(struct mig_session *s, struct mig_orphans *orphans)
{
    void *list = orphans->list;
    struct mig_orphan *orphan =
        mig_array_add(s, &list, orphans->count, &orphans->capacity, sizeof(*orphan));

    orphans->list = list;
    if (orphan != NULL)
        orphans->count++;
    return orphan;
}

/* Checks one child table. A table that cannot be checked is a finding, not a failure. */
static void check_child(struct mig_session *s, struct mig_orphans *orphans, const char *child)
{
    const char *name = mig_arena_text(s, &orphans->arena, child);
    struct mig_session probe;
    sqlite3_stmt *query;

    if (!mig_session_ok(s))
        return;
    mig_session_init(&probe, s->db, s->options);
    query = mig_query_prepare(&probe, "PRAGMA main.foreign_key_check(\"%w\")", child);
    while (mig_session_ok(s) && mig_query_step(&probe, query)) {
        struct mig_orphan *orphan = add_orphan(s, orphans);

        if (orphan == NULL)
            break;
        orphan->child = name;
        orphan->has_rowid = sqlite3_column_type(query, 1) != SQLITE_NULL;
        orphan->rowid = sqlite3_column_int64(query, 1);
        orphan->parent = column_text(s, &orphans->arena, query, 2);
    }
    mig_query_finish(query);
    if (probe.outcome == MIG_FAILED) {
        struct mig_orphan *orphan = add_orphan(s, orphans);

        if (orphan != NULL) {
            orphan->child = name;
            orphan->error = mig_arena_text(s, &orphans->arena, probe.message);
        }
        mig_session_release(&probe);
    }
    if (!mig_session_ok(&probe))
        mig_session_take(s, &probe);
}

static const char *text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static int compare_orphans(const void *left, const void *right)
{
    const struct mig_orphan *a = left;
    const struct mig_orphan *b = right;
    int order = strcmp(a->child, b->child);

    if (order == 0)
        order = sqlite3_stricmp(text_or_empty(a->parent), text_or_empty(b->parent));
    if (order == 0)
        order = strcmp(text_or_empty(a->error), text_or_empty(b->error));
    if (order == 0 && a->rowid != b->rowid)
        order = a->rowid < b->rowid ? -1 : 1;
    return order;
}

static void check_marked(struct search *search, bool all, struct mig_orphans *orphans)
{
    const char *last = "";

    for (size_t i = 0; i < search->relation_count; i++) {
        const struct relation *relation = &search->relations[i];

        if ((!all && !relation->is_marked) || strcmp(last, relation->child) == 0)
            continue;
        last = relation->child;
        check_child(search->s, orphans, relation->child);
    }
    if (mig_session_ok(search->s) && orphans->count > 1)
        qsort(orphans->list, orphans->count, sizeof(orphans->list[0]), compare_orphans);
}

void mig_orphans_find(struct mig_session *s, const char *script, size_t length, bool all,
                      struct mig_orphans *orphans)
{
    struct search search = {.s = s};

    mig_orphans_release(orphans);
    if (!all && is_harmless(script, length))
        return;
    read_relations(&search);
    if (search.relation_count > 0 && !all) {
        read_triggers(&search);
        if (mig_session_ok(s))
            read_script(&search, script, length);
    }
    if (mig_session_ok(s))
        check_marked(&search, all, orphans);
    sqlite3_free(search.relations);
    sqlite3_free(search.triggers);
    mig_arena_release(&search.arena);
}

static void fail_orphans(struct mig_session *s, const struct mig_orphan *first, size_t count)
{
    char place[48] = "";

    if (first->error != NULL) {
        mig_session_fail(s, MIG_FAILED,
                         "the foreign keys of table %s cannot be checked any more: %s",
                         first->child, first->error);
        mig_session_hint(
            s, "a parent key needs a PRIMARY KEY or UNIQUE index of the same columns");
        return;
    }
    if (first->has_rowid)
        (void)snprintf(place, sizeof(place), " (the first has rowid %lld)",
                       (long long)first->rowid);
    mig_session_fail(
        s, MIG_FAILED,
        "foreign key violation: %lld rows of table %s have no parent in table %s%s",
        (int64_t)count, first->child, first->parent, place);
    mig_session_hint(s,
                     "repair the rows in the same operation; PRAGMA foreign_key_check(\"%w\") "
                     "lists them",
                     first->child);
}

void mig_orphans_compare(struct mig_session *s, const struct mig_orphans *before,
                         const struct mig_orphans *now)
{
    const struct mig_orphan *first = NULL;
    size_t count = 0;
    size_t i = 0;

    if (!mig_session_ok(s))
        return;
    for (size_t j = 0; j < now->count; j++) {
        const struct mig_orphan *orphan = &now->list[j];

        while (i < before->count && compare_orphans(&before->list[i], orphan) < 0)
            i++;
        if (i < before->count && compare_orphans(&before->list[i], orphan) == 0) {
            i++;
            continue;
        }
        if (first == NULL)
            first = orphan;
        count += strcmp(first->child, orphan->child) == 0 ? 1 : 0;
    }
    if (first != NULL)
        fail_orphans(s, first, count);
}
