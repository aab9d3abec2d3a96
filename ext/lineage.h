/*
 * lineage.h - where the tables and columns of the clone come from: which live table's rows a table is
 * going to hold at this point of the plan, what the plan itself has made, and what it has changed.
 *
 * A table or column of which nothing was said is the live one of the same name. Names are those of main,
 * in any case of letters.
 */
#ifndef MIG_LINEAGE_H
#define MIG_LINEAGE_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* What is known of a table. Texts are the arena's, or the caller's own. */
struct mig_ancestry {
    const char *live; /* the live table whose rows it holds; NULL: the plan has made it */
    size_t step;      /* of the plan, that has made it; 0 where it has not, else one more */
    size_t filled; /* the last step of the plan that has put rows into it, as above; 0: none */
    bool is_changed; /* the plan has put rows in, or deleted some */
    bool is_thinned; /* it has deleted some */
    bool has_old;    /* made by the plan, it holds what was read from a table of before */
};

/* What is known of a column. */
struct mig_column_ancestry {
    const char
        *live;       /* the live column of the table's live table; NULL: the plan has made it */
    size_t step;     /* that has made it, as above */
    bool is_changed; /* the plan has written to it */
    bool has_old;    /* as above */
};

struct mig_lineage_table;
struct mig_lineage_column;

struct mig_lineage {
    struct mig_arena arena;
    struct mig_lineage_table *tables; /* owned array */
    size_t count;
    size_t capacity;
    struct mig_lineage_column *columns; /* owned array */
    size_t column_count;
    size_t column_capacity;
    size_t step; /* that is being judged, from 1; set by the caller */
};

void mig_lineage_init(struct mig_lineage *lineage);
void mig_lineage_release(struct mig_lineage *lineage);

struct mig_ancestry mig_lineage_of(const struct mig_lineage *lineage, const char *table);
struct mig_column_ancestry mig_lineage_of_column(const struct mig_lineage *lineage,
                                                 const char *table, const char *column);

/* What the plan does. A table that is created has no columns with a past. */
void mig_lineage_create(struct mig_session *s, struct mig_lineage *lineage, const char *table);
void mig_lineage_rename(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                        const char *to);
void mig_lineage_add_column(struct mig_session *s, struct mig_lineage *lineage,
                            const char *table, const char *column);
void mig_lineage_rename_column(struct mig_session *s, struct mig_lineage *lineage,
                               const char *table, const char *column, const char *to);

/* True for a column with values of before the plan, as far as is known. */
bool mig_lineage_is_old(const struct mig_column_ancestry *column);

/* Rows were put in that were read from tables of before: those of a table that the plan has made are old
 * from now on, in all its columns. */
void mig_lineage_take(struct mig_session *s, struct mig_lineage *lineage, const char *table);

/* Rows were put in; rows were changed in one column (NULL: any, or they were deleted). */
void mig_lineage_fill(struct mig_session *s, struct mig_lineage *lineage, const char *table);
void mig_lineage_change(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                        const char *column);

/* The table is known to be what *ancestry says from now on, with no columns that have a past; or the
 * column. For a table that has taken the place of another one. */
void mig_lineage_set(struct mig_session *s, struct mig_lineage *lineage, const char *table,
                     const struct mig_ancestry *ancestry);
void mig_lineage_set_column(struct mig_session *s, struct mig_lineage *lineage,
                            const char *table, const char *column,
                            const struct mig_column_ancestry *ancestry);

/* Where the lineage is at, to come back to; no more than one step back may be taken at a time. */
struct mig_lineage_mark {
    size_t count;
    size_t column_count;
};
struct mig_lineage_mark mig_lineage_mark(const struct mig_lineage *lineage);
void mig_lineage_back(struct mig_lineage *lineage, const struct mig_lineage_mark *mark);

#endif
