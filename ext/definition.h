/*
 * definition.h - the SQL text of CREATE TABLE, CREATE INDEX and CREATE TRIGGER cut into the parts that
 * SQLite's pragmas do not tell: constraints with their expressions, and the options of a table.
 *
 * Pure: no connection, no memory. A part is a place in the caller's text, which must be a statement that
 * SQLite has accepted (sqlite_schema.sql); of anything else the parts are what they are. The text is
 * walked by tokens, so names, strings and comments can hold any byte.
 * Source: https://www.sqlite.org/lang_createtable.html, lang_createindex.html, lang_createtrigger.html
 */
#ifndef MIG_DEFINITION_H
#define MIG_DEFINITION_H

#include "compiler.h"
#include "token.h"

#include <stdbool.h>
#include <stddef.h>

/* A piece of the text, from its first token to its last. `length` 0: there is none. */
struct mig_part {
    const char *text;
    size_t length;
};

enum mig_clause_kind {
    MIG_CLAUSE_END,         /* no more */
    MIG_CLAUSE_COLUMN,      /* a column begins; `name` is its name */
    MIG_CLAUSE_CHECK,       /* `body`: the expression */
    MIG_CLAUSE_GENERATED,   /* `body`: the expression; `is_stored` */
    MIG_CLAUSE_FOREIGN_KEY, /* `is_deferred` */
    MIG_CLAUSE_NOT_NULL,
    MIG_CLAUSE_UNIQUE,      /* of a table: `body`: the columns */
    MIG_CLAUSE_PRIMARY_KEY, /* of a table: `body`: the columns */
    MIG_CLAUSE_STRICT,
    MIG_CLAUSE_WITHOUT_ROWID,
};

/* One thing that the text of a table says, in the order in which it says it. */
struct mig_clause {
    enum mig_clause_kind kind;
    size_t column;     /* how many columns have begun before, that of the clause not counted */
    bool is_of_column; /* stands with a column, not as a constraint of the table */
    struct mig_part name; /* of the column, or of CONSTRAINT: one token */
    struct mig_part body;
    struct mig_part conflict; /* the word behind ON CONFLICT */
    bool is_stored;
    bool is_deferred;
};

/* Where the walk through a text stands. */
struct mig_definition {
    const char *text;
    size_t length;
    size_t position;
    size_t columns;          /* that have begun */
    bool is_in_list;         /* between the parentheses */
    bool is_at_start;        /* where a column or a constraint of the table begins */
    bool is_in_column;       /* in the constraints of a column */
    struct mig_part pending; /* the name of a CONSTRAINT that has not come yet */
};

/* Begins with the text of a table. What CREATE VIRTUAL TABLE and CREATE TABLE AS say is nothing. */
void mig_definition_begin(struct mig_definition *definition, const char *sql);

/* The next clause. */
struct mig_clause mig_definition_next(struct mig_definition *definition);

/*
 * What CREATE INDEX says: each of `size` places of `out_keys` is filled with one column or expression,
 * with neither its COLLATE nor ASC or DESC; *out_where is what follows WHERE. Returns how many there are.
 */
size_t mig_definition_index(const char *sql, struct mig_part *out_keys, size_t size,
                            struct mig_part *out_where);

/* What follows the name in CREATE TRIGGER. */
struct mig_part mig_definition_trigger(const char *sql);

/*
 * True when two texts are the same tokens: without blanks and comments, words and quoted names unquoted,
 * A-Z and a-z the same outside of strings. NULL is the same as NULL only.
 */
bool mig_sql_same(const char *first, const char *second);

#endif
