#include "compiler.h"

#include "lint_text.h"

#include "foreign.h"
#include "lint_alter.h"
#include "lint_case.h"
#include "lint_rows.h"
#include "reader.h"

void mig_lint_text_init(struct mig_lint_text_plan *plan, enum mig_dialect dialect)
{
    plan->dialect = dialect;
    mig_made_init(&plan->made);
}

void mig_lint_text_release(struct mig_lint_text_plan *plan)
{
    mig_made_release(&plan->made);
}

static bool is_postgresql(const struct mig_lint_case *c)
{
    return c->dialect == MIG_DIALECT_POSTGRESQL;
}

static void create_index(struct mig_lint_case *c, struct mig_reader *r, bool is_unique)
{
    const bool is_concurrent = is_postgresql(c) && mig_reader_take(r, "CONCURRENTLY");
    const bool is_sure = !mig_reader_take(r, "IF NOT EXISTS");
    struct mig_reader_name index = {""};
    struct mig_reader_name table = {""};
    bool is_only;

    if (!mig_reader_is(r, "ON"))
        (void)mig_reader_take_name(r, &index);
    (void)mig_reader_seek(r, "ON");
    is_only = is_postgresql(c) && mig_reader_take(r, "ONLY");
    (void)mig_reader_take_name(r, &table);
    mig_lint_case_name(c, "create index", index.text[0] == '\0' ? table.text : index.text);
    mig_lint_case_make(c, MIG_MADE_OTHER, index.text, is_sure);
    if (is_concurrent && !c->no_transaction)
        mig_lint_case_note(c, MIG_RULE_PG_CONCURRENTLY_IN_TRANSACTION, index.text, NULL);
    if (mig_lint_case_is_new(c, table.text))
        return;
    if (is_postgresql(c) && !is_concurrent && !is_only)
        mig_lint_case_note(c, MIG_RULE_PG_INDEX_NOT_CONCURRENT, table.text,
                           "nobody can write to the table while the index is made");
    if (is_unique)
        mig_lint_case_note(c, MIG_RULE_NOT_JUDGED, table.text,
                           "only the rows tell whether there are equal ones");
}

static void create_table(struct mig_lint_case *c, struct mig_reader *r, bool is_replacing)
{
    const bool is_sure = !mig_reader_take(r, "IF NOT EXISTS");
    struct mig_reader_name table = {""};

    (void)mig_reader_take_name(r, &table);
    mig_lint_case_name(c, "create table", table.text);
    if (is_replacing)
        mig_lint_case_lose(c, MIG_MADE_TABLE, MIG_RULE_DROP_TABLE, table.text,
                           "OR REPLACE drops the table of that name with all its rows");
    mig_lint_case_make(c, MIG_MADE_TABLE, table.text, is_sure);
    if (mig_reader_has(r, "AS") || mig_reader_has(r, "SELECT"))
        mig_lint_case_fill(c, MIG_MADE_TABLE, table.text, MIG_MADE_COPIES);
}

/* What has a body that runs later, or a name only. */
static void create_other(struct mig_lint_case *c, struct mig_reader *r)
{
    static const struct {
        const char *word;
        const char *kind;
        bool has_body;
    } objects[] = {
        {"MATERIALIZED VIEW", "create view", false},
        {"VIEW", "create view", false},
        {"FUNCTION", "create function", true},
        {"PROCEDURE", "create procedure", true},
        {"TRIGGER", "create trigger", true},
        {"RULE", "create rule", true},
        {"EVENT", "create event", true},
    };
    struct mig_reader_name object = {""};

    for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
        if (!mig_reader_seek(r, objects[i].word))
            continue;
        (void)mig_reader_take(r, "IF NOT EXISTS");
        (void)mig_reader_take_name(r, &object);
        mig_lint_case_name(c, objects[i].kind, object.text);
        if (!c->is_down)
            mig_lint_case_make(c, MIG_MADE_OTHER, object.text, false);
        if (objects[i].has_body)
            mig_lint_case_note_as(c, MIG_RULE_NOT_JUDGED, MIG_RULE_SEVERITY_NOTE, object.text,
                                  "its body is not read; it changes what others do later");
        return;
    }
    mig_lint_case_name(c, "create other", NULL);
}

static void judge_create(struct mig_lint_case *c, struct mig_reader *r)
{
    static const char *const kinds[] = {"GLOBAL", "LOCAL", "UNLOGGED", NULL};
    static const char *const index_kinds[] = {"FULLTEXT", "SPATIAL", NULL};
    static const char *const temporary[] = {"TEMPORARY", "TEMP", NULL};
    const bool is_replacing = mig_reader_take(r, "OR REPLACE");
    struct mig_reader ahead;
    bool is_unique;

    (void)mig_reader_take_one_of(r, kinds);
    c->is_temporary = mig_reader_take_one_of(r, temporary);
    ahead = *r;
    is_unique = mig_reader_take(&ahead, "UNIQUE");
    (void)mig_reader_take_one_of(&ahead, index_kinds);
    if (mig_reader_take(&ahead, "INDEX"))
        create_index(c, &ahead, is_unique);
    else if (mig_reader_take(r, "TABLE"))
        create_table(c, r, is_replacing);
    else
        create_other(c, r);
}

static void drop_table(struct mig_lint_case *c, const char *table)
{
    mig_lint_case_lose(c, MIG_MADE_TABLE, MIG_RULE_DROP_TABLE, table, NULL);
}

static void drop_index(struct mig_lint_case *c, const char *index)
{
    if (mig_made_find(c->made, MIG_MADE_OTHER, index) != NULL)
        return;
    mig_lint_case_note(c, MIG_RULE_DROP_INDEX, index, NULL);
    if (is_postgresql(c))
        mig_lint_case_note(c, MIG_RULE_PG_INDEX_NOT_CONCURRENT, index,
                           "nobody can read or write the table while the index is dropped");
}

static void drop_index_concurrently(struct mig_lint_case *c, const char *index)
{
    mig_lint_case_note(c, MIG_RULE_DROP_INDEX, index, NULL);
    if (!c->no_transaction)
        mig_lint_case_note(c, MIG_RULE_PG_CONCURRENTLY_IN_TRANSACTION, index, NULL);
}

static void drop_view(struct mig_lint_case *c, const char *view)
{
    if (mig_made_find(c->made, MIG_MADE_OTHER, view) == NULL)
        mig_lint_case_note(c, MIG_RULE_DROP_VIEW, view, NULL);
}

static void drop_trigger(struct mig_lint_case *c, const char *trigger)
{
    if (mig_made_find(c->made, MIG_MADE_OTHER, trigger) == NULL)
        mig_lint_case_note(c, MIG_RULE_DROP_TRIGGER, trigger, NULL);
}

static void drop_schema(struct mig_lint_case *c, const char *schema)
{
    mig_lint_case_lose(c, MIG_MADE_TABLE, MIG_RULE_DROP_TABLE, schema,
                       "all tables in it go with all their rows");
}

static void drop_nothing(struct mig_lint_case *c, const char *object)
{
    (void)c;
    (void)object;
}

static const struct {
    const char *word;
    const char *kind;
    void (*judge)(struct mig_lint_case *c, const char *object);
} drops[] = {
    {"TEMPORARY TABLE", "drop table", drop_nothing},
    {"TABLE", "drop table", drop_table},
    {"INDEX CONCURRENTLY", "drop index", drop_index_concurrently},
    {"INDEX", "drop index", drop_index},
    {"MATERIALIZED VIEW", "drop view", drop_view},
    {"VIEW", "drop view", drop_view},
    {"FOREIGN TABLE", "drop view", drop_view},
    {"TRIGGER", "drop trigger", drop_trigger},
    {"EVENT TRIGGER", "drop trigger", drop_trigger},
    {"RULE", "drop trigger", drop_trigger},
    {"SCHEMA", "drop schema", drop_schema},
    {"DATABASE", "drop schema", drop_schema},
    {"OWNED BY", "drop owned", drop_schema},
    {"TABLESPACE", "drop tablespace", drop_schema},
};

/* What is dropped with what depends on it: more than a view can be used by a table. */
static void note_cascade(struct mig_lint_case *c, const struct mig_reader *r,
                         const char *object)
{
    if (mig_reader_has(r, "CASCADE"))
        mig_lint_case_note(c, MIG_RULE_NOT_JUDGED, object,
                           "CASCADE drops what depends on it, and the text does not tell what "
                           "does: columns, views, foreign keys");
}

static void judge_drop(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader_name object = {""};
    size_t i = 0;

    while (i < sizeof(drops) / sizeof(drops[0]) && !mig_reader_take(r, drops[i].word))
        i++;
    if (i == sizeof(drops) / sizeof(drops[0])) {
        mig_reader_pass(r);
        (void)mig_reader_take(r, "IF EXISTS");
        (void)mig_reader_take_name(r, &object);
        mig_lint_case_name(c, "drop other", object.text);
    } else {
        (void)mig_reader_take(r, "IF EXISTS");
        c->is_temporary = drops[i].judge == drop_nothing;
        do {
            (void)mig_reader_take_name(r, &object);
            mig_lint_case_name(c, drops[i].kind, object.text);
            drops[i].judge(c, object.text);
        } while (mig_reader_take_byte(r, ','));
    }
    note_cascade(c, r, object.text);
}

/* A type, a domain, a view, a sequence: others than tables. */
static void alter_other(struct mig_lint_case *c, struct mig_reader *r)
{
    const bool is_view = mig_reader_take(r, "VIEW") ||
                         mig_reader_take(r, "MATERIALIZED VIEW") ||
                         mig_reader_take(r, "SCHEMA");
    const bool is_domain = !is_view && mig_reader_take(r, "DOMAIN");
    const bool is_type = !is_view && !is_domain && mig_reader_take(r, "TYPE");
    struct mig_reader_name object = {""};

    if (!is_view && !is_domain && !is_type)
        mig_reader_pass(r);
    (void)mig_reader_take(r, "IF EXISTS");
    (void)mig_reader_take_name(r, &object);
    mig_lint_case_name(c, "alter other", object.text);
    if (is_view && mig_reader_is(r, "RENAME TO"))
        mig_lint_case_note(c, MIG_RULE_RENAME_TABLE, object.text, NULL);
    if (is_type && mig_reader_has(r, "DROP ATTRIBUTE"))
        mig_lint_case_note(c, MIG_RULE_DROP_COLUMN, object.text, NULL);
    if (is_domain && mig_reader_has(r, "SET NOT NULL"))
        mig_lint_case_note(c, MIG_RULE_PG_NOT_NULL, object.text, NULL);
    if (is_domain && mig_reader_is(r, "ADD") && !mig_reader_has(r, "NOT VALID"))
        mig_lint_case_note(c, MIG_RULE_PG_FOREIGN_KEY_VALIDATES, object.text,
                           "all columns of the domain are checked while their tables are "
                           "locked for writing");
    note_cascade(c, r, object.text);
}

static void judge_alter(struct mig_lint_case *c, struct mig_reader *r)
{
    static const char *const words[] = {"ONLINE", "OFFLINE", NULL};
    const bool is_ignoring = mig_reader_take(r, "IGNORE");

    (void)mig_reader_take_one_of(r, words);
    if (!mig_reader_take(r, "TABLE")) {
        alter_other(c, r);
        return;
    }
    if (is_ignoring)
        mig_lint_case_note(c, MIG_RULE_REPLACE_DELETES, NULL,
                           "rows that are equal in a new key are deleted, but for one");
    mig_lint_alter_table(c, r);
}

/* MySQL: RENAME TABLE a TO b, c TO d. */
static void judge_rename(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader_name old;
    struct mig_reader_name new;

    if (!mig_reader_take(r, "TABLE") && !mig_reader_take(r, "TABLES")) {
        mig_lint_case_name(c, "alter other", NULL);
        return;
    }
    (void)mig_reader_take(r, "IF EXISTS");
    do {
        (void)mig_reader_take_name(r, &old);
        (void)mig_reader_seek(r, "TO");
        (void)mig_reader_take_name(r, &new);
        mig_lint_case_name(c, "rename table", old.text);
        if (!mig_lint_case_rename(c, MIG_MADE_TABLE, old.text, new.text))
            mig_lint_case_note(c, MIG_RULE_RENAME_TABLE, old.text, NULL);
    } while (mig_reader_take_byte(r, ','));
}

static void judge_truncate(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader_name table;

    (void)mig_reader_take(r, "TABLE");
    do {
        (void)mig_reader_take(r, "ONLY");
        (void)mig_reader_take_name(r, &table);
        (void)mig_reader_take_byte(r, '*');
        mig_lint_case_name(c, "truncate", table.text);
        mig_lint_case_change_rows(c, table.text);
        mig_lint_case_lose_rows(c, MIG_RULE_DELETE_WITHOUT_WHERE, table.text, NULL);
    } while (mig_reader_take_byte(r, ','));
    if (mig_reader_has(r, "CASCADE"))
        mig_lint_case_note(c, MIG_RULE_FIRES_CASCADE, table.text,
                           "all rows of all tables that refer to it go, too");
}

/* Names mean something else from now on, or may. */
static void judge_set(struct mig_lint_case *c, struct mig_reader *r)
{
    mig_lint_case_name(c, "setting", NULL);
    if (mig_reader_has(r, "search_path") || mig_reader_has(r, "SCHEMA") ||
        mig_reader_has(r, "ALL"))
        mig_lint_case_forget(c);
}

static void judge_opaque(struct mig_lint_case *c, struct mig_reader *r)
{
    (void)r;
    mig_lint_case_name(c, "code", NULL);
    mig_lint_case_note(c, MIG_RULE_NOT_JUDGED, NULL,
                       "the text does not tell what the code does that it runs");
}

static void judge_rewrite(struct mig_lint_case *c, struct mig_reader *r)
{
    (void)r;
    mig_lint_case_name(c, "maintenance", NULL);
    mig_lint_case_note(c, MIG_RULE_LONG_RUNNING, NULL,
                       "a whole table or view is written anew while others wait");
}

static void judge_reindex(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader group = *r;
    const bool is_option =
        mig_reader_take_group(r, &group) && mig_reader_has(&group, "CONCURRENTLY");
    const bool is_concurrent = is_option || mig_reader_has(r, "CONCURRENTLY");

    mig_lint_case_name(c, "reindex", NULL);
    if (!is_concurrent)
        mig_lint_case_note(c, MIG_RULE_PG_INDEX_NOT_CONCURRENT, NULL,
                           "nobody can write to the table while its index is made anew");
    else if (!c->no_transaction)
        mig_lint_case_note(c, MIG_RULE_PG_CONCURRENTLY_IN_TRANSACTION, NULL, NULL);
}

static void judge_vacuum(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader group = *r;

    if (mig_reader_is(r, "FULL") ||
        (mig_reader_take_group(r, &group) && mig_reader_has(&group, "FULL")))
        judge_rewrite(c, r);
    mig_lint_case_name(c, "vacuum", NULL);
}

static void judge_refresh(struct mig_lint_case *c, struct mig_reader *r)
{
    if (!mig_reader_has(r, "CONCURRENTLY"))
        judge_rewrite(c, r);
    mig_lint_case_name(c, "maintenance", NULL);
}

static void judge_calm(struct mig_lint_case *c, struct mig_reader *r)
{
    (void)r;
    mig_lint_case_name(c, "other", NULL);
}

static void judge_transaction(struct mig_lint_case *c, struct mig_reader *r)
{
    (void)r;
    mig_lint_case_name(c, "transaction", NULL);
}

static void judge_analyze(struct mig_lint_case *c, struct mig_reader *r)
{
    (void)r;
    mig_lint_case_name(c, "analyze", NULL);
}

static const struct {
    const char *words;
    enum mig_dialect dialect; /* COUNT: both */
    void (*judge)(struct mig_lint_case *c, struct mig_reader *r);
} statements[] = {
    {"CREATE", MIG_DIALECT_COUNT, judge_create},
    {"DROP", MIG_DIALECT_COUNT, judge_drop},
    {"ALTER", MIG_DIALECT_COUNT, judge_alter},
    {"RENAME", MIG_DIALECT_MYSQL, judge_rename},
    {"TRUNCATE", MIG_DIALECT_COUNT, judge_truncate},
    {"INSERT", MIG_DIALECT_COUNT, mig_lint_insert},
    {"REPLACE", MIG_DIALECT_MYSQL, mig_lint_replace},
    {"UPDATE", MIG_DIALECT_COUNT, mig_lint_update},
    {"DELETE", MIG_DIALECT_COUNT, mig_lint_delete},
    {"MERGE", MIG_DIALECT_POSTGRESQL, mig_lint_merge},
    {"WITH", MIG_DIALECT_COUNT, mig_lint_with},
    {"SELECT", MIG_DIALECT_COUNT, mig_lint_select},
    {"VALUES", MIG_DIALECT_COUNT, mig_lint_select},
    {"COPY", MIG_DIALECT_POSTGRESQL, mig_lint_copy},
    {"LOAD", MIG_DIALECT_MYSQL, mig_lint_load},
    {"SET", MIG_DIALECT_COUNT, judge_set},
    {"RESET", MIG_DIALECT_POSTGRESQL, judge_set},
    {"REINDEX", MIG_DIALECT_POSTGRESQL, judge_reindex},
    {"VACUUM", MIG_DIALECT_POSTGRESQL, judge_vacuum},
    {"CLUSTER", MIG_DIALECT_POSTGRESQL, judge_rewrite},
    {"REFRESH", MIG_DIALECT_POSTGRESQL, judge_refresh},
    {"OPTIMIZE", MIG_DIALECT_MYSQL, judge_rewrite},
    {"GRANT", MIG_DIALECT_COUNT, judge_calm},
    {"REVOKE", MIG_DIALECT_COUNT, judge_calm},
    {"COMMENT", MIG_DIALECT_POSTGRESQL, judge_calm},
    {"SECURITY", MIG_DIALECT_POSTGRESQL, judge_calm},
    {"ANALYZE", MIG_DIALECT_COUNT, judge_analyze},
    {"SHOW", MIG_DIALECT_COUNT, judge_calm},
    {"LOCK", MIG_DIALECT_COUNT, judge_calm},
    {"UNLOCK", MIG_DIALECT_MYSQL, judge_calm},
    {"NOTIFY", MIG_DIALECT_POSTGRESQL, judge_calm},
    {"BEGIN", MIG_DIALECT_COUNT, judge_transaction},
    {"START TRANSACTION", MIG_DIALECT_COUNT, judge_transaction},
    {"COMMIT", MIG_DIALECT_COUNT, judge_transaction},
    {"END", MIG_DIALECT_POSTGRESQL, judge_transaction},
    {"ROLLBACK", MIG_DIALECT_COUNT, judge_transaction},
    {"SAVEPOINT", MIG_DIALECT_COUNT, judge_transaction},
    {"RELEASE", MIG_DIALECT_COUNT, judge_transaction},
};

static void judge_statement(struct mig_lint_case *c, struct mig_reader *r)
{
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        const enum mig_dialect dialect = statements[i].dialect;

        if ((dialect == MIG_DIALECT_COUNT || dialect == c->dialect) &&
            mig_reader_take(r, statements[i].words)) {
            statements[i].judge(c, r);
            return;
        }
    }
    judge_opaque(c, r); /* DO, CALL, EXECUTE, and what nobody here knows */
}

/* Bytes of the statement without what ends it. */
static size_t measure(const struct mig_lint_text *text, const struct mig_statement *statement,
                      const char *delimiter)
{
    size_t length = statement->end - statement->start;
    size_t ends = statement->closed ? strlen(delimiter) : 0;

    if (statement->closed && text->text[statement->end - 1] == ';')
        ends = 1;
    return length - ends;
}

void mig_lint_text_judge(struct mig_session *s, struct mig_lint_text_plan *plan,
                         bool no_transaction, struct mig_lint *lint)
{
    const struct mig_lint_text text = lint->text;
    struct mig_foreign_cursor cursor = {0, ""};
    struct mig_lint_mix mix = {.has_rows = false};
    struct mig_statement statement;

    if (!text.is_down)
        plan->made.operation = plan->made.count;
    while (mig_session_ok(s) &&
           mig_foreign_next(text.text, text.length, plan->dialect, &cursor, &statement)) {
        struct mig_lint_case c = {s,
                                  lint,
                                  &plan->made,
                                  &mix,
                                  plan->dialect,
                                  mig_lint_statement(s, lint, &statement),
                                  no_transaction,
                                  text.is_down,
                                  false,
                                  false};
        struct mig_reader reader;

        mig_reader_init(&reader, text.text + statement.start,
                        measure(&text, &statement, cursor.delimiter), plan->dialect);
        judge_statement(&c, &reader);
    }
    if (!text.is_down)
        mig_lint_mix_note(s, lint, &mix, plan->dialect);
}
