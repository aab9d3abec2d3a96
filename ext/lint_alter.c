#include "compiler.h"

#include "lint_alter.h"

#include "lint_add.h"
#include "sqlite_api.h"

/* DROP of something that is no column; false when it is one. */
static bool drop_other(struct mig_lint_action *a)
{
    static const char *const constraints[] = {"CONSTRAINT", "PRIMARY KEY", "FOREIGN KEY",
                                              "CHECK", NULL};
    static const char *const of_postgresql[] = {"CONSTRAINT", NULL};
    static const char *const indexes[] = {"INDEX", "KEY", NULL};
    struct mig_reader_name index;

    if (mig_reader_take_one_of(&a->r, mig_lint_action_is_postgresql(a) ? of_postgresql
                                                                       : constraints)) {
        mig_lint_case_name(a->c, "drop constraint", a->table);
        return true;
    }
    if (mig_lint_action_is_postgresql(a))
        return false;
    if (mig_reader_take_one_of(&a->r, indexes)) {
        (void)mig_reader_take(&a->r, "IF EXISTS");
        (void)mig_reader_take_name(&a->r, &index);
        mig_lint_case_name(a->c, "drop index", index.text);
        if (!a->is_new)
            mig_lint_case_note(a->c, MIG_RULE_DROP_INDEX, index.text, NULL);
        return true;
    }
    if (mig_reader_take(&a->r, "PARTITION") || mig_reader_take(&a->r, "SYSTEM VERSIONING")) {
        mig_lint_case_name(a->c, "drop partition", a->table);
        mig_lint_case_lose_rows(a->c, MIG_RULE_DELETE_WITHOUT_WHERE, a->table,
                                "all rows of the partition, or of the history, go");
        return true;
    }
    return false;
}

static void drop(struct mig_lint_action *a)
{
    struct mig_reader_name column;

    if (drop_other(a))
        return;
    (void)mig_reader_take(&a->r, "COLUMN");
    (void)mig_reader_take(&a->r, "IF EXISTS");
    if (!mig_reader_take_name(&a->r, &column))
        return;
    mig_lint_action_name(a, "drop column", column.text);
    mig_lint_case_lose_column(a->c, a->table, column.text);
}

static void set_not_null(struct mig_lint_action *a, const char *column)
{
    struct mig_reader_name object;

    mig_lint_case_join(a->table, column, &object);
    if (mig_made_find(a->c->made, MIG_MADE_NOT_NULL, object.text) == NULL)
        mig_lint_action_note(
            a, MIG_RULE_PG_NOT_NULL, column,
            "the whole table is read under a lock that lets nobody read, and the statement "
            "fails where a row has no value");
}

static void alter(struct mig_lint_action *a)
{
    static const char *const others[] = {"CONSTRAINT", "INDEX", "CHECK", "KEY", NULL};
    struct mig_reader_name column;
    struct mig_reader ahead = a->r;

    if (mig_reader_take_one_of(&ahead, others)) {
        mig_lint_case_name(a->c, "alter table", a->table);
        return;
    }
    (void)mig_reader_take(&a->r, "COLUMN");
    (void)mig_reader_take(&a->r, "IF EXISTS");
    if (!mig_reader_take_name(&a->r, &column))
        return;
    mig_lint_action_name(a, "change column", column.text);
    if (mig_reader_take(&a->r, "SET DATA TYPE") || mig_reader_take(&a->r, "TYPE"))
        mig_lint_action_note(a, MIG_RULE_PG_CHANGE_TYPE, column.text, NULL);
    else if (mig_reader_take(&a->r, "SET NOT NULL"))
        set_not_null(a, column.text);
    else if (mig_reader_take(&a->r, "SET EXPRESSION"))
        mig_lint_action_note(a, MIG_RULE_LONG_RUNNING, column.text,
                             "the whole table is written anew");
}

static void rename_column(struct mig_lint_action *a, const struct mig_reader_name *old,
                          const struct mig_reader_name *new)
{
    struct mig_reader_name from;
    struct mig_reader_name to;

    mig_lint_case_join(a->table, old->text, &from);
    mig_lint_case_join(a->table, new->text, &to);
    if (!mig_lint_case_rename(a->c, MIG_MADE_COLUMN, from.text, to.text) &&
        mig_made_loss(a->c->made, MIG_MADE_TABLE, a->table) == MIG_LOSES_DATA)
        mig_lint_case_note(a->c, MIG_RULE_RENAME_COLUMN, from.text, NULL);
}

static void rename_table(struct mig_lint_action *a, const char *new_name)
{
    mig_lint_case_name(a->c, "rename table", a->table);
    if (!mig_lint_case_rename(a->c, MIG_MADE_TABLE, a->table, new_name))
        mig_lint_case_note(a->c, MIG_RULE_RENAME_TABLE, a->table, NULL);
}

static void rename_something(struct mig_lint_action *a)
{
    static const char *const others[] = {"CONSTRAINT", "INDEX", "KEY", NULL};
    static const char *const of_postgresql[] = {"CONSTRAINT", NULL};
    static const char *const to[] = {"TO", "AS", NULL};
    struct mig_reader ahead = a->r;
    struct mig_reader_name old;
    struct mig_reader_name new = {""};

    if (mig_reader_take_one_of(&ahead,
                               mig_lint_action_is_postgresql(a) ? of_postgresql : others)) {
        mig_lint_case_name(a->c, "alter table", a->table);
        return;
    }
    if (mig_reader_take_one_of(&a->r, to)) {
        (void)mig_reader_take_name(&a->r, &new);
        rename_table(a, new.text);
        return;
    }
    (void)mig_reader_take(&a->r, "COLUMN");
    (void)mig_reader_take_name(&a->r, &old);
    if (!mig_reader_take(&a->r, "TO")) {
        rename_table(a, old.text); /* MySQL: RENAME new */
        return;
    }
    (void)mig_reader_take_name(&a->r, &new);
    mig_lint_action_name(a, "rename column", old.text);
    rename_column(a, &old, &new);
}

/* MySQL: the whole definition is written again, and what is left out of it goes. */
static void modify(struct mig_lint_action *a)
{
    struct mig_reader_name column;

    (void)mig_reader_take(&a->r, "COLUMN");
    (void)mig_reader_take(&a->r, "IF EXISTS");
    if (!mig_reader_take_name(&a->r, &column))
        return;
    mig_lint_action_name(a, "change column", column.text);
    mig_lint_action_note(
        a, MIG_RULE_CHANGE_TYPE, column.text,
        "values may be converted or cut, and what the old definition said and the new one "
        "does not, such as NOT NULL, goes");
}

static void change(struct mig_lint_action *a)
{
    struct mig_reader ahead = a->r;
    struct mig_reader_name old;
    struct mig_reader_name new;

    (void)mig_reader_take(&ahead, "COLUMN");
    (void)mig_reader_take(&ahead, "IF EXISTS");
    if (mig_reader_take_name(&ahead, &old) && mig_reader_take_name(&ahead, &new) &&
        sqlite3_stricmp(old.text, new.text) != 0) {
        mig_lint_action_name(a, "rename column", old.text);
        rename_column(a, &old, &new);
    }
    modify(a);
}

static void validate(struct mig_lint_action *a)
{
    struct mig_reader_name constraint;
    struct mig_reader_name named;
    const struct mig_made *check;

    mig_lint_case_name(a->c, "validate constraint", a->table);
    (void)mig_reader_take_name(&a->r, &constraint);
    mig_lint_case_join(a->table, constraint.text, &named);
    check = mig_made_find(a->c->made, MIG_MADE_CHECK, named.text);
    if (check != NULL)
        mig_lint_case_make(a->c, MIG_MADE_NOT_NULL, check->detail, true);
}

static void detach(struct mig_lint_action *a)
{
    mig_lint_case_name(a->c, "detach partition", a->table);
    mig_lint_case_lose_rows(a->c, MIG_RULE_DELETES_ROWS, a->table,
                            "the rows of the partition are not in the table any more");
    if (mig_reader_has(&a->r, "CONCURRENTLY") && !a->c->no_transaction)
        mig_lint_case_note(a->c, MIG_RULE_PG_CONCURRENTLY_IN_TRANSACTION, a->table, NULL);
}

static void move(struct mig_lint_action *a)
{
    mig_lint_case_name(a->c, "rename table", a->table);
    mig_lint_case_note(a->c, MIG_RULE_RENAME_TABLE, a->table,
                       "programs that look for it in the old schema fail");
}

static void write_anew(struct mig_lint_action *a)
{
    mig_lint_case_name(a->c, "alter table", a->table);
    mig_lint_action_note(a, MIG_RULE_LONG_RUNNING, NULL,
                         "the whole table is read or written anew, and others wait meanwhile");
}

static void convert(struct mig_lint_action *a)
{
    mig_lint_case_name(a->c, "alter table", a->table);
    mig_lint_action_note(a, MIG_RULE_CHANGE_COLLATION, NULL, NULL);
}

static void empty(struct mig_lint_action *a)
{
    mig_lint_case_name(a->c, "truncate", a->table);
    mig_lint_case_lose_rows(a->c, MIG_RULE_DELETE_WITHOUT_WHERE, a->table, NULL);
}

static void pass(struct mig_lint_action *a)
{
    mig_lint_case_name(a->c, "alter table", a->table);
}

static const struct {
    const char *words;
    enum mig_dialect dialect; /* COUNT: both */
    void (*judge)(struct mig_lint_action *a);
} actions[] = {
    {"ADD", MIG_DIALECT_COUNT, mig_lint_add},
    {"DROP", MIG_DIALECT_COUNT, drop},
    {"ALTER", MIG_DIALECT_COUNT, alter},
    {"RENAME", MIG_DIALECT_COUNT, rename_something},
    {"VALIDATE CONSTRAINT", MIG_DIALECT_POSTGRESQL, validate},
    {"DETACH PARTITION", MIG_DIALECT_POSTGRESQL, detach},
    {"ATTACH PARTITION", MIG_DIALECT_POSTGRESQL, write_anew},
    {"SET SCHEMA", MIG_DIALECT_POSTGRESQL, move},
    {"SET TABLESPACE", MIG_DIALECT_POSTGRESQL, write_anew},
    {"SET LOGGED", MIG_DIALECT_POSTGRESQL, write_anew},
    {"SET UNLOGGED", MIG_DIALECT_POSTGRESQL, write_anew},
    {"SET ACCESS", MIG_DIALECT_POSTGRESQL, write_anew},
    {"SET", MIG_DIALECT_POSTGRESQL, pass},
    {"RESET", MIG_DIALECT_POSTGRESQL, pass},
    {"OWNER", MIG_DIALECT_POSTGRESQL, pass},
    {"ENABLE", MIG_DIALECT_COUNT, pass},
    {"DISABLE", MIG_DIALECT_COUNT, pass},
    {"CLUSTER", MIG_DIALECT_POSTGRESQL, pass},
    {"INHERIT", MIG_DIALECT_POSTGRESQL, pass},
    {"NO", MIG_DIALECT_POSTGRESQL, pass},
    {"NOT OF", MIG_DIALECT_POSTGRESQL, pass},
    {"OF", MIG_DIALECT_POSTGRESQL, pass},
    {"REPLICA", MIG_DIALECT_POSTGRESQL, pass},
    {"FORCE ROW", MIG_DIALECT_POSTGRESQL, pass},
    {"MODIFY", MIG_DIALECT_MYSQL, modify},
    {"CHANGE", MIG_DIALECT_MYSQL, change},
    {"CONVERT", MIG_DIALECT_MYSQL, convert},
    {"TRUNCATE PARTITION", MIG_DIALECT_MYSQL, empty},
    {"DISCARD", MIG_DIALECT_MYSQL, empty},
    {"ENGINE", MIG_DIALECT_MYSQL, write_anew},
    {"ROW_FORMAT", MIG_DIALECT_MYSQL, write_anew},
    {"ORDER BY", MIG_DIALECT_MYSQL, write_anew},
    {"FORCE", MIG_DIALECT_MYSQL, write_anew},
    {"PARTITION BY", MIG_DIALECT_MYSQL, write_anew},
    {"REMOVE PARTITIONING", MIG_DIALECT_MYSQL, write_anew},
    {"REORGANIZE", MIG_DIALECT_MYSQL, write_anew},
    {"REBUILD", MIG_DIALECT_MYSQL, write_anew},
    {"COALESCE", MIG_DIALECT_MYSQL, write_anew},
    {"AUTO_INCREMENT", MIG_DIALECT_MYSQL, pass},
    {"COMMENT", MIG_DIALECT_MYSQL, pass},
    {"ALGORITHM", MIG_DIALECT_MYSQL, pass},
    {"LOCK", MIG_DIALECT_MYSQL, pass},
    {"DEFAULT", MIG_DIALECT_MYSQL, pass},
    {"CHARACTER SET", MIG_DIALECT_MYSQL, pass},
    {"CHARSET", MIG_DIALECT_MYSQL, pass},
    {"COLLATE", MIG_DIALECT_MYSQL, pass},
};

static void judge_action(struct mig_lint_action *a)
{
    for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
        const enum mig_dialect dialect = actions[i].dialect;

        if ((dialect == MIG_DIALECT_COUNT || dialect == a->c->dialect) &&
            mig_reader_take(&a->r, actions[i].words)) {
            actions[i].judge(a);
            return;
        }
    }
    mig_lint_case_name(a->c, "alter table", a->table);
    mig_lint_case_note(a->c, MIG_RULE_NOT_JUDGED, a->table,
                       "the text does not tell what this does to the table");
}

void mig_lint_alter_table(struct mig_lint_case *c, struct mig_reader *r)
{
    struct mig_reader_name table = {""};
    struct mig_lint_action action = {.c = c, .table = table.text};

    (void)mig_reader_take(r, "IF EXISTS");
    if (c->dialect == MIG_DIALECT_POSTGRESQL)
        (void)mig_reader_take(r, "ONLY");
    (void)mig_reader_take_name(r, &table);
    (void)mig_reader_take_byte(r, '*');
    action.is_new = mig_lint_case_is_new(c, table.text);
    while (mig_reader_take_item(r, &action.r))
        judge_action(&action);
}
