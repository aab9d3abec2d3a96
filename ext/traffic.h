/*
 * traffic.h - which tables the statements of a text make, rename and drop, and how rows go from one to the
 * other: by INSERT ... SELECT and CREATE TABLE AS.
 *
 * A table is one thing from its first statement to its last, whatever it is called; two of the same name, one
 * behind the other or in different databases, are two. Everything is as SQLite has seen it (trial.h).
 */
#ifndef MIG_TRAFFIC_H
#define MIG_TRAFFIC_H

#include "compiler.h"
#include "session.h"
#include "shape.h"
#include "trial.h"

#include <stdbool.h>
#include <stddef.h>

/* No such deed or table. */
#define MIG_TRAFFIC_NONE SIZE_MAX

/* A table in the course of the text. Names are the trial's. */
struct mig_traffic_table {
    const char *schema;             /* "main", "temp", the name of an attached database */
    const char *name;               /* behind the text; NULL: dropped */
    const char *first;              /* its name when the text began; NULL: made by the text */
    const char *last;               /* its name before it was dropped; NULL: it is there */
    const char *made;               /* its name when it was made; NULL: not by the text */
    const struct mig_shape *before; /* as it was before it was dropped, or renamed first; NULL:
                                       it was not, or is no table of main */
    size_t seen;                    /* the deed that did so */
    size_t create;                  /* the deed that makes it; or NONE */
    size_t away;                    /* that drops it; or NONE */
    size_t rename;                  /* the last that renames it; or NONE */
};

/* How a copy brings rows from one table to another. */
struct mig_traffic_copy {
    size_t deed;        /* INSERT, or CREATE TABLE AS */
    const char *from;   /* the table that it reads, as it was called then, ... */
    const char *schema; /* ... and where it is */
    const char *to;
    const struct mig_shape *shape; /* of the one that it reads; NULL: not known */
    size_t create;                 /* the deed that made that one; or NONE */
    size_t table;                  /* the one that it writes */
};

/* The most copies that rows go through on their way. */
#define MIG_TRAFFIC_COPIES 4

struct mig_traffic_edge; /* traffic.c's */

struct mig_traffic {
    struct mig_session *s;            /* borrowed */
    struct mig_trial *trial;          /* borrowed */
    struct mig_traffic_table *tables; /* owned array */
    size_t count;
    size_t capacity;
    struct mig_traffic_edge *edges; /* owned array, in the order of their deeds */
    size_t edge_count;
    size_t edge_capacity;
    size_t *renamed; /* owned array: for each deed, 1 + the table that it renames, or 0 */
};

/* Follows all statements of a trial that was run. The trial must live as long. */
void mig_traffic_init(struct mig_session *s, struct mig_traffic *traffic,
                      struct mig_trial *trial);
void mig_traffic_release(struct mig_traffic *traffic);

/*
 * The copies by which rows of one table come to another, in their order, each of what was there before it;
 * straight, where there is a choice, else through tables that the text has made: rows that were in one before
 * would be another matter. 0: there is no way, or a very long one.
 */
size_t mig_traffic_way(const struct mig_traffic *traffic, size_t from, size_t to,
                       struct mig_traffic_copy out_copies[MIG_TRAFFIC_COPIES]);

/* The table behind FROM of a statement that brings rows: SQLite asks for nothing where it copies a whole
 * table at once. NULL: none. The text is the trial's. */
const char *mig_traffic_source(struct mig_session *s, struct mig_trial *trial,
                               const struct mig_deed *deed);

#endif
