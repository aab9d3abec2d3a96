#include "compiler.h"

#include "rule.h"

#define NOTE  MIG_RULE_SEVERITY_NOTE
#define WARN  MIG_RULE_SEVERITY_WARN
#define ERROR MIG_RULE_SEVERITY_ERROR

static const struct mig_rule_info rules[MIG_RULE_COUNT] = {
    [MIG_RULE_DROP_TABLE] =
        {"drop-table", ERROR, "the table and all its rows go, with its indexes and triggers",
         "rename it away first, and drop it in a later release when nothing "
         "has missed it"},
    [MIG_RULE_DROP_COLUMN] =
        {"drop-column", ERROR,
         "the values of the column go, and a down file cannot bring them back",
         "stop using the column, copy what is worth keeping, and drop it in "
         "a later release"},
    [MIG_RULE_DROP_INDEX] = {"drop-index", NOTE,
                             "what was found by the index is found by reading the whole table",
                             "look at the query plans of what reads the table before it goes"},
    [MIG_RULE_DROP_TRIGGER] =
        {"drop-trigger", WARN, "what the trigger kept true is not kept true any more",
         "create its successor in the same operation, or say why there is "
         "none"},
    [MIG_RULE_DROP_VIEW] = {"drop-view", NOTE, "what reads the view fails from now on",
                            "create the view anew in the same operation, or make sure that "
                            "nothing reads it"},
    [MIG_RULE_DELETE_WITHOUT_WHERE] = {"delete-without-where", ERROR,
                                       "all rows of the table go",
                                       "say with WHERE which rows are meant"},
    [MIG_RULE_DELETES_ROWS] = {"deletes-rows", WARN,
                               "rows go, and a down file cannot bring them back",
                               "copy them to another table first, or approve it"},
    [MIG_RULE_FIRES_CASCADE] = {"fires-cascade", ERROR,
                                "foreign keys of other tables act: their rows are deleted, or "
                                "lose their reference",
                                "look after the rows that refer to it first, in a statement of "
                                "its own"},
    [MIG_RULE_REPLACE_DELETES] =
        {"replace-deletes", WARN,
         "a row that is in the way of a new one is deleted, or the new "
         "one is dropped, and nobody is told",
         "use INSERT ... ON CONFLICT ... DO UPDATE, or a plain INSERT "
         "that fails"},
    [MIG_RULE_UPDATE_WITHOUT_WHERE] = {"update-without-where", WARN,
                                       "the old values of all rows are overwritten",
                                       "say with WHERE which rows are meant, or write the new "
                                       "values to a new column"},
    [MIG_RULE_UPDATES_ROWS] = {"updates-rows", NOTE,
                               "the old values of some rows are overwritten",
                               "make sure that the down file can restore them, or that nobody "
                               "needs them"},
    [MIG_RULE_RENAME_TABLE] =
        {"rename-table", WARN, "programs that still use the old name fail",
         "leave a view of the old name behind until they are all updated"},
    [MIG_RULE_RENAME_COLUMN] = {"rename-column", WARN,
                                "programs that still use the old name fail",
                                "add a new column and fill it, and drop the old one in a later "
                                "release"},
    [MIG_RULE_REPOINTED_REFERENCE] = {"repointed-reference", ERROR,
                                      "foreign keys follow the table that is renamed away, and "
                                      "then refer to one that is gone",
                                      "create the new table under a temporary name, copy, drop "
                                      "the old one, and rename the new one last"},
    [MIG_RULE_BROKEN_VIEW] =
        {"broken-view", ERROR,
         "a view or trigger uses what is gone, and fails when it is next "
         "used",
         "drop the view or trigger and create it anew in the same operation"},
    [MIG_RULE_REBUILD_LOSES_ROWS] = {"rebuild-loses-rows", ERROR,
                                     "not all rows of the old table come to the new one",
                                     "copy all with INSERT ... SELECT ... FROM the old table, "
                                     "without WHERE, LIMIT or OR IGNORE"},
    [MIG_RULE_REBUILD_LOSES_TRIGGER] = {"rebuild-loses-trigger", WARN,
                                        "the trigger went with the old table",
                                        "create it anew behind the rename"},
    [MIG_RULE_REBUILD_LOSES_INDEX] = {"rebuild-loses-index", WARN,
                                      "the index went with the old table",
                                      "create it anew behind the rename"},
    [MIG_RULE_REBUILD_LOSES_AUTOINCREMENT] =
        {"rebuild-loses-autoincrement", WARN,
         "keys of rows that were deleted can be given out "
         "again",
         "declare the key with AUTOINCREMENT again, and keep "
         "its row of sqlite_sequence"},
    [MIG_RULE_REBUILD_LOSES_GENERATED] = {"rebuild-loses-generated", WARN,
                                          "a column that was computed is not computed any more",
                                          "declare it with GENERATED ALWAYS AS again"},
    [MIG_RULE_REBUILD_LOSES_STRICT] =
        {"rebuild-loses-strict", WARN,
         "the new table is not STRICT or not WITHOUT ROWID, as the "
         "old one was",
         "write the old table's options behind the columns again"},
    [MIG_RULE_REBUILD_LOSES_FOREIGN_KEY] = {"rebuild-loses-foreign-key", WARN,
                                            "a foreign key or what it does on delete or update "
                                            "is not there any more",
                                            "declare it again as the old table had it"},
    [MIG_RULE_REBUILD_LOSES_CONSTRAINT] =
        {"rebuild-loses-constraint", WARN,
         "what NOT NULL, CHECK, UNIQUE or DEFAULT promised is "
         "not kept any more",
         "declare it again as the old table had it"},
    [MIG_RULE_CHANGE_TYPE] =
        {"change-type", WARN,
         "values may be converted when they are copied, and compare and sort "
         "otherwise",
         "look for values that the conversion changes, or add a new column "
         "and fill it"},
    [MIG_RULE_CHANGE_COLLATION] =
        {"change-collation", WARN,
         "values that differed may be equal, sort otherwise, and clash "
         "in a unique index",
         "look for values that are equal by the new collation first"},
    [MIG_RULE_ADD_NOT_NULL] =
        {"add-not-null", ERROR,
         "the table has rows, and none of them has a value for the column",
         "give the column a default, or add it without NOT NULL and fill it "
         "first"},
    [MIG_RULE_UNIQUE_VIOLATED] = {"unique-violated", ERROR, "rows of the table are equal there",
                                  "settle the duplicates first, in an operation before"},
    [MIG_RULE_CHECK_VIOLATED] = {"check-violated", ERROR,
                                 "rows of the table do not fulfil the condition",
                                 "mend the rows first, in an operation before"},
    [MIG_RULE_NOT_NULL_VIOLATED] = {"not-null-violated", ERROR,
                                    "rows of the table have no value there",
                                    "fill the column first, in an operation before"},
    [MIG_RULE_LONG_RUNNING] = {"long-running", WARN,
                               "it reads or writes a table of many rows, and nobody else can "
                               "write meanwhile",
                               "rehearse it for its duration, and run it when nobody needs to "
                               "write, or in parts"},
    [MIG_RULE_WRITES_SCHEMA_TABLE] =
        {"writes-schema-table", ERROR,
         "a mistake in the table of the schema makes the database unreadable, "
         "and nothing checks it",
         "use ALTER TABLE, or build the table anew"},
    [MIG_RULE_VACUUM] = {"vacuum", ERROR, "VACUUM fails in a transaction",
                         "run it by hand, or in a file with `-- migrate: no-transaction`"},
    [MIG_RULE_PRAGMA_NO_EFFECT] = {"pragma-no-effect", ERROR,
                                   "in a transaction the pragma does nothing or fails",
                                   "set it where the connection is opened, or in a file with "
                                   "`-- migrate: no-transaction`"},
    [MIG_RULE_OUTSIDE_MAIN] =
        {"outside-main", WARN,
         "it changes another database than the one whose migrations these "
         "are, and its version does not tell",
         "keep migrations of another database in a folder of its own"},
    [MIG_RULE_MIXED_CHANGE] = {"mixed-change", WARN,
                               "rows and schema change in one operation: the lock is held for "
                               "both, and one cannot be rolled back without the other",
                               "make two operations of it"},
    [MIG_RULE_NO_DOWN] = {"no-down", WARN, "the operation cannot be rolled back",
                          "write a down file, or say in the file why there is none"},
    [MIG_RULE_DOWN_NOT_INVERSE] =
        {"down-not-inverse", WARN, "the schema is another one after up and down than before",
         "let the down file undo all that the up file does, in reverse "
         "order"},
    [MIG_RULE_DOWN_LOSES_DATA] =
        {"down-loses-data", WARN,
         "rolling back deletes rows or values that were there before, or "
         "came since",
         "let the down file keep them in another table, or approve it "
         "there"},
    [MIG_RULE_DOWN_REMOVES] =
        {"down-removes", NOTE,
         "rolling back removes what the operation made, with what has been "
         "written to it since",
         "roll back soon, or not at all"},
    [MIG_RULE_REFUSED] = {"refused", ERROR, "the statement fails before it changes anything",
                          "mend the file; the message says what is wrong with it"},
    [MIG_RULE_NOT_JUDGED] = {"not-judged", WARN, "nobody knows what it does before it runs",
                             "rehearse it on a copy: SELECT * FROM migrations_rehearsal"},
    [MIG_RULE_PG_INDEX_NOT_CONCURRENT] =
        {"pg-index-not-concurrent", WARN,
         "nobody can write to the table while the index is made "
         "or dropped",
         "use CONCURRENTLY, in a file with "
         "`-- migrate: no-transaction`"},
    [MIG_RULE_PG_VOLATILE_DEFAULT] = {"pg-volatile-default", WARN,
                                      "the whole table is written anew under a lock that lets "
                                      "nobody read",
                                      "add the column without a default, set the default, and "
                                      "fill the rows in parts"},
    [MIG_RULE_PG_NOT_NULL] = {"pg-not-null", WARN,
                              "the whole table is read under a lock that lets nobody read, or "
                              "the statement fails where there are rows",
                              "add CHECK (... IS NOT NULL) NOT VALID, VALIDATE it, and SET NOT "
                              "NULL then"},
    [MIG_RULE_PG_FOREIGN_KEY_VALIDATES] =
        {"pg-foreign-key-validates", WARN,
         "both tables are locked for writing while all rows "
         "are checked",
         "add it with NOT VALID, and VALIDATE CONSTRAINT in a "
         "later operation"},
    [MIG_RULE_PG_CHANGE_TYPE] =
        {"pg-change-type", WARN,
         "most changes of type write the whole table anew under a lock "
         "that lets nobody read",
         "add a new column, fill it in parts, and drop the old one in a "
         "later release"},
    [MIG_RULE_PG_CONCURRENTLY_IN_TRANSACTION] = {"pg-concurrently-in-transaction", ERROR,
                                                 "PostgreSQL refuses CONCURRENTLY in a "
                                                 "transaction",
                                                 "put it alone in a file with "
                                                 "`-- migrate: no-transaction`"},
};

const struct mig_rule_info *mig_rule_info(enum mig_rule rule)
{
    return (size_t)rule < MIG_RULE_COUNT ? &rules[rule] : NULL;
}

enum mig_rule mig_rule_find(const char *id, size_t length)
{
    for (size_t i = 0; i < MIG_RULE_COUNT; i++)
        if (strlen(rules[i].id) == length && memcmp(rules[i].id, id, length) == 0)
            return (enum mig_rule)i;
    return MIG_RULE_COUNT;
}

const char *mig_rule_severity_name(enum mig_rule_severity severity)
{
    static const char *const names[] = {"note", "warn", "error"};

    return names[severity];
}
