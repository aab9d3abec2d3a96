#include "compiler.h"

#include "script.h"

/* What each defect is called, and what to do about it; in the order of the enum. */
static const struct {
    const char *message;
    const char *hint;
} defects[] = {
    [MIG_SCRIPT_SOUND] = {"the text is sound", "there is nothing to do"},
    [MIG_SCRIPT_NO_STATEMENT] = {"the text has no statement", "write one, or delete the file"},
    [MIG_SCRIPT_NUL] = {"the text has a NUL byte, where SQLite would stop reading",
                        "remove it; a NUL inside a value is written as x'00' or char(0)"},
    [MIG_SCRIPT_UTF16] = {"the text is UTF-16", "save the file as UTF-8"},
    [MIG_SCRIPT_LONE_CR] = {"a carriage return without a line feed ends no line",
                            "save the file with line ends LF or CRLF"},
    [MIG_SCRIPT_OPEN_COMMENT] = {"the comment has no end", "close it with \"*/\""},
    [MIG_SCRIPT_OPEN_QUOTE] = {"the quote has no end",
                               "close it; inside a quote, the quote itself is written twice"},
    [MIG_SCRIPT_OPEN_TRIGGER] = {"the text ends inside a trigger",
                                 "end each statement of its body, and its END, with \";\""},
    [MIG_SCRIPT_NO_SEMICOLON] =
        {"the last statement has no semicolon",
         "end it with \";\" if the file is complete; it may have been cut off"},
    [MIG_SCRIPT_PARAMETER] = {"\"%.*s\" is a parameter, which nothing gives a value",
                              "write the value itself; quote it if it is text"},
    [MIG_SCRIPT_DOT_COMMAND] = {"\"%.*s\" is not SQL",
                                ".read and the like belong to the sqlite3 shell; write SQL"},
    [MIG_SCRIPT_BATCH_SEPARATOR] =
        {"\"%.*s\" is not SQL", "it belongs to the clients of SQL Server; end each statement "
                                "with \";\" and remove it"},
    [MIG_SCRIPT_DELIMITER] =
        {"\"%.*s\" is not SQL",
         "it belongs to the mysql client; SQLite finds the end of a trigger "
         "by itself, remove it"},
    [MIG_SCRIPT_CLIENT_COMMAND] = {"\"%.*s\" is not SQL",
                                   "it is a command of psql; write SQL, and COPY with its rows "
                                   "as INSERT"},
    [MIG_SCRIPT_MYSQL_COMMAND] = {"\"%.*s\" is not SQL",
                                  "it is a command of the mysql client; write SQL"},
    [MIG_SCRIPT_USE_WORD] = {"\"%.*s\" leads away from the database of the tracking table",
                             "remove it, and write DATABASE.TABLE where another one is meant"},
    [MIG_SCRIPT_COPY_STDIN] = {"\"%.*s\" would take what follows for rows",
                               "write the rows as INSERT"},
    [MIG_SCRIPT_TRANSACTION_WORD] =
        {"\"%.*s\" cannot run in the transaction of the operation",
         "the engine opens and ends the transaction; remove it, or put "
         "\"-- migrate: no-transaction\" on the first line"},
    [MIG_SCRIPT_ATTACH_WORD] = {"\"%.*s\" cannot run in the transaction of the operation",
                                "put \"-- migrate: no-transaction\" on the first line"},
    [MIG_SCRIPT_VACUUM_WORD] = {"\"%.*s\" cannot run in the transaction of the operation",
                                "put \"-- migrate: no-transaction\" on the first line"},
    [MIG_SCRIPT_PRAGMA_NO_EFFECT] =
        {"the pragma \"%.*s\" does nothing in the transaction of the operation",
         "put \"-- migrate: no-transaction\" on the first line"},
    [MIG_SCRIPT_PRAGMA_NEVER] = {"the pragma \"%.*s\" does nothing in a migration file",
                                 "remove it; set it where the connection is opened"},
    [MIG_SCRIPT_EXPLAIN_WORD] =
        {"\"%.*s\" would change nothing",
         "remove the word if the statement is meant to run, or the whole of it"},
    [MIG_SCRIPT_UNKNOWN_DIRECTIVE] =
        {"\"%.*s\" is not a directive",
         "write \"-- migrate: no-transaction\" or \"-- migrate: allow RULE\"; "
         "without its colon it is an ordinary comment"},
    [MIG_SCRIPT_FOREIGN_DIRECTIVE] =
        {"\"%.*s\" is a directive of another migration tool",
         "move the down part into the _down.sql file and remove the marker"},
    [MIG_SCRIPT_UNKNOWN_RULE] = {"\"%.*s\" is not a rule that a file can allow",
                                 "docs/lint.md lists the rules"},
    [MIG_SCRIPT_LATE_DIRECTIVE] = {"the directive \"%.*s\" stands behind the first statement",
                                   "move it to the first line"},
    [MIG_SCRIPT_DIRECTIVE_PROGRAM] =
        {"\"%.*s\" is not for what a program prints",
         "remove it; a program's statements always run in one transaction"},
};

const char *mig_script_defect_message(enum mig_script_defect_kind kind)
{
    return defects[kind].message;
}

bool mig_script_defect_has_word(enum mig_script_defect_kind kind)
{
    return strstr(defects[kind].message, "%.*s") != NULL;
}

const char *mig_script_defect_hint(enum mig_script_defect_kind kind)
{
    return defects[kind].hint;
}
