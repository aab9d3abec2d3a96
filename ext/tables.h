/*
 * tables.h - the virtual tables: one implementation of SQLite's interface, driven by a description
 * of each table. A table only reports; it changes nothing.
 *
 * A table is eponymous (there is no CREATE VIRTUAL TABLE), cannot be used from the schema of a
 * database (SQLITE_VTAB_DIRECTONLY), and takes the migration folder as its last argument.
 * Source: https://www.sqlite.org/vtab.html
 */
#ifndef MIG_TABLES_H
#define MIG_TABLES_H

#include "compiler.h"
#include "connection.h"
#include "session.h"

#include <stdbool.h>

/* The most arguments that a table takes besides the folder, before and behind it. */
#define MIG_TABLE_ARGUMENTS 2

/* What a scan is asked for. */
struct mig_table_call {
    const char *arguments[MIG_TABLE_ARGUMENTS]; /* NULL: not given, or NULL */
    const char *dir;                            /* the folder; never NULL */
    bool costly;                                /* a costly column is going to be read */
};

struct mig_table {
    const char *name;
    const char *columns; /* the declaration, without parentheses; the hidden column `dir` is the
                            folder, hidden ones before it are the other arguments, and those
                            behind it more of them, and the costly ones */
    int dir_column;      /* its number, from 0 */
    int arguments;       /* how many stand before it */
    int arguments_behind; /* how many stand behind it, and before the costly ones */
    bool is_sorted;       /* rows come in the order of the first column */

    /* Begins a scan at its first row: *out_rows is the table's own, released with close() on every
     * path. The call is borrowed until then. */
    void (*open)(struct mig_session *s, const struct mig_table_call *call, void **out_rows);
    bool (*at_end)(const void *rows);
    void (*next)(struct mig_session *s, void *rows);
    void (*column)(struct mig_session *s, void *rows, int column, sqlite3_context *context);
    void (*close)(void *rows);
};

extern const struct mig_table mig_table_pending;
extern const struct mig_table mig_table_applied;
extern const struct mig_table mig_table_history;
extern const struct mig_table mig_table_problems;
extern const struct mig_table mig_table_steps;
extern const struct mig_table mig_table_rehearsal;
extern const struct mig_table mig_table_plan;

/* Registers all tables on the connection. Returns a result code of SQLite; as with the functions,
 * mig_tables_unregister() takes away what a failure has left. */
MIG_MUST_USE int mig_tables_register(struct mig_connection *connection);

/* Takes all tables away. Returns false when SQLite refuses. */
MIG_MUST_USE bool mig_tables_unregister(sqlite3 *db);

#endif
