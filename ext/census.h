/*
 * census.h - what the operations of a rehearsal do to the rows of the copy, table by table.
 *
 * Which tables an operation may have touched, triggers and foreign key actions included, SQLite says when
 * it compiles the statements (watch.h); what it did to them is counted by an update hook, and made good
 * by tallies where that hook is silent (REPLACE, the truncate optimisation, WITHOUT ROWID). Only touched
 * tables are read. What such a table held before is asked of the live database as long as no operation
 * of the rehearsal has touched it: nobody can change that while it is read.
 *
 * Tables of the tracking and shadow tables of virtual ones do not count.
 * Source: https://www.sqlite.org/c3ref/update_hook.html
 */
#ifndef MIG_CENSUS_H
#define MIG_CENSUS_H

#include "arena.h"
#include "compiler.h"
#include "inventory.h"
#include "session.h"
#include "tally.h"
#include "watch.h"

#include <stdbool.h>
#include <stddef.h>

/* What became of one table. All pointers are the census's arena's. */
struct mig_census_change {
    const char *name;
    const struct mig_tally *before;
    const struct mig_tally *after; /* NULL: not taken, the rows are those of before */
    int64_t inserted;
    int64_t updated; /* -1: some, in a table WITHOUT ROWID or one that was built anew */
    int64_t deleted;
};

struct mig_census_changes {
    struct mig_census_change *list; /* the arena's; in order of name */
    size_t count;
    int64_t violations_before; /* rows without a parent in the tables that are concerned; */
    int64_t violations_after;  /* -1: they cannot be searched */
};

struct mig_census_table; /* of census.c */

struct mig_census {
    struct mig_session *live; /* borrowed; on the user's connection, which is only read */
    struct mig_session *copy; /* borrowed; on the copy */
    struct mig_arena arena;
    struct mig_census_table *tables; /* owned array */
    size_t count;
    size_t capacity;
    size_t last; /* of the update hook: the table of the row before */
    struct mig_actions actions;
};

/* Begins the census of the copy, whose update hook it takes. Both sessions are borrowed. */
void mig_census_init(struct mig_session *live, struct mig_session *copy,
                     struct mig_census *census);

void mig_census_release(struct mig_census *census);

/* An operation begins. */
void mig_census_begin(struct mig_census *census);

/* The operation has run: takes the watch away. Nothing that was prepared later counts. */
void mig_census_end(struct mig_census *census);

enum mig_census_mode {
    MIG_CENSUS_ALL,   /* every touched table is read, and stays as it is now */
    MIG_CENSUS_LAST,  /* the same, but a table that only its shape was changed of is not read */
    MIG_CENSUS_TRIAL, /* every touched table is read, but what was done is going to be undone */
};

/*
 * Tells what the operation has changed; to be called behind mig_census_end(). `before` and `after` are
 * the schema then and now. Fails census->copy.
 */
void mig_census_take(struct mig_census *census, const struct mig_inventory *before,
                     const struct mig_inventory *after, enum mig_census_mode mode,
                     struct mig_census_changes *out_changes);

/* The change of that table; NULL when there is none. */
const struct mig_census_change *mig_census_find(const struct mig_census_changes *changes,
                                                const char *table);

#endif
