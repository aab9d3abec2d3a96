/*
 * shape.h - one table of the main database as a connection has it: its columns, keys, constraints,
 * indexes and triggers.
 *
 * Read from SQLite's pragmas, and where they are silent (CHECK, expressions, DEFERRABLE, ON CONFLICT,
 * STRICT, WITHOUT ROWID) from the tokens of the SQL text that SQLite keeps. Texts are as they were
 * written, without comments and on one line, so they are good for messages and for SQL alike; whether
 * two of them mean the same is mig_sql_same()'s question (definition.h).
 *
 * Everything belongs to the arena that the caller gives. Nothing is left open on the connection.
 * Sources: https://www.sqlite.org/pragma.html#pragma_table_xinfo, lang_createtable.html,
 * c3ref/table_column_metadata.html
 */
#ifndef MIG_SHAPE_H
#define MIG_SHAPE_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_shape_column {
    const char *name;
    const char *type;      /* as declared; "" without one */
    const char *collation; /* "BINARY" without one; "" of a virtual table's column */
    const char *value;     /* its DEFAULT, as SQL; NULL without one */
    const char *generated; /* its expression, as SQL; NULL for an ordinary column */
    bool is_stored;        /* generated STORED */
    bool is_not_null;
    bool is_hidden; /* of a virtual table */
    int64_t key;    /* its place in the primary key, from 1; 0: none */
};

/* One column or expression of an index. */
struct mig_shape_key {
    const char *column;    /* NULL: an expression, or the rowid */
    const char *text;      /* SQL: the quoted column, or the expression in parentheses */
    const char *collation; /* the one that the index compares with */
    bool is_descending;
};

enum mig_shape_origin {
    MIG_ORIGIN_INDEX,       /* CREATE INDEX */
    MIG_ORIGIN_UNIQUE,      /* a UNIQUE constraint */
    MIG_ORIGIN_PRIMARY_KEY, /* a PRIMARY KEY that is not the rowid */
};

struct mig_shape_index {
    const char *name;
    const char *sql;   /* its CREATE INDEX; NULL when SQLite made it for a constraint */
    const char *where; /* of a partial index, as SQL; NULL otherwise */
    enum mig_shape_origin origin;
    bool is_unique;
    struct mig_shape_key *keys;
    size_t key_count;
};

struct mig_shape_trigger {
    const char *name;
    const char *sql;
    const char *definition; /* of `sql`, what follows the name: "AFTER INSERT ON ..." */
};

struct mig_shape_check {
    const char *name; /* of CONSTRAINT name; NULL without one */
    const char *text; /* the expression, without its parentheses */
};

/* ON CONFLICT behind NOT NULL, UNIQUE or PRIMARY KEY; ABORT, the default, is not listed. */
struct mig_shape_conflict {
    const char *constraint; /* "NOT NULL", "UNIQUE" or "PRIMARY KEY" */
    const char *columns;    /* as written, without quotes: "a", or "a, b" */
    const char *action;     /* "ROLLBACK", "FAIL", "IGNORE" or "REPLACE" */
};

struct mig_shape_foreign_key {
    const char *child;    /* the table that has the key */
    const char *parent;   /* the table that it points at; there may be none of that name */
    const char **columns; /* of the child */
    const char **parent_columns; /* each NULL: the primary key of the parent */
    size_t column_count;
    const char *on_delete; /* "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT" */
    const char *on_update;
    bool
        is_deferred; /* DEFERRABLE INITIALLY DEFERRED; false in what mig_shape_children() gives */
};

/* A table. Columns, indexes and triggers are in SQLite's order, the others in that of the text. */
struct mig_shape {
    const char *name; /* as the schema has it */
    const char *sql;  /* its CREATE TABLE */
    bool is_virtual;  /* a virtual table: columns and triggers only */
    bool is_strict;
    bool is_without_rowid;
    bool has_autoincrement;
    const char *rowid_column; /* of INTEGER PRIMARY KEY; NULL without one */
    struct mig_shape_column *columns;
    size_t column_count;
    struct mig_shape_index *indexes;
    size_t index_count;
    struct mig_shape_trigger *triggers;
    size_t trigger_count;
    struct mig_shape_check *checks; /* of columns and of the table */
    size_t check_count;
    struct mig_shape_conflict *conflicts;
    size_t conflict_count;
    struct mig_shape_foreign_key *foreign_keys;
    size_t foreign_key_count;
};

/*
 * Reads the table `table` (in any case of letters) of the main database of the session's connection.
 * NULL when there is no such table (a view is none), or the session has failed or now fails.
 */
const struct mig_shape *mig_shape_read(struct mig_session *s, struct mig_arena *arena,
                                       const char *table);

/* The column, the index or the trigger of that name, in any case of letters; NULL when there is none. */
const struct mig_shape_column *mig_shape_column(const struct mig_shape *shape,
                                                const char *name);
const struct mig_shape_index *mig_shape_index(const struct mig_shape *shape, const char *name);
const struct mig_shape_trigger *mig_shape_trigger(const struct mig_shape *shape,
                                                  const char *name);

/*
 * The foreign keys of all tables of the main database that point at `table`, those of the table itself
 * included; *out_count of them, NULL when there are none. Whether the table is there does not matter.
 */
const struct mig_shape_foreign_key *mig_shape_children(struct mig_session *s,
                                                       struct mig_arena *arena,
                                                       const char *table, size_t *out_count);

#endif
