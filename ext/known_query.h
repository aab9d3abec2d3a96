/*
 * known_query.h - the queries that an application is known to run, and how SQLite would carry them out:
 * the .sql files of the folder `queries` in the migration folder.
 *
 * A file holds one query or more, each ended by a semicolon, the last one perhaps without. Parameters are
 * fine. A query is a SELECT, VALUES, WITH, INSERT, REPLACE, UPDATE or DELETE; it is only ever explained,
 * never run. Files that are hidden or have another ending are passed over.
 * Source: https://www.sqlite.org/eqp.html
 */
#ifndef MIG_KNOWN_QUERY_H
#define MIG_KNOWN_QUERY_H

#include "arena.h"
#include "compiler.h"
#include "session.h"
#include "source.h"

#include <stdbool.h>
#include <stddef.h>

/* The folder of the files, below the migration folder. */
#define MIG_KNOWN_QUERY_FOLDER "queries"

/* One query. Texts are the arena's. */
struct mig_known_query {
    const char *path; /* inside the migration folder: queries/orders.sql */
    int64_t line;     /* where it begins, from 1 */
    const char *sql;  /* without the semicolon */
    bool is_query;    /* false: it is a statement of another kind, which is never explained */
};

struct mig_known_queries {
    struct mig_arena arena;
    struct mig_known_query *list; /* owned array, in order of path and line */
    size_t count;
    size_t capacity;
};

/* How one query is carried out. Texts are the arena's. */
struct mig_known_plan {
    const char *
        *lines; /* SQLite's words, such as "SEARCH users USING INDEX by_mail (mail=?)" */
    size_t count;
    const char *error; /* why it does not compile; NULL when it does */
};

/* No queries. */
void mig_known_queries_init(struct mig_known_queries *queries);

void mig_known_queries_release(struct mig_known_queries *queries);

/*
 * Reads the queries of the migration folder that `source` has listed. Where it has no such folder there
 * are none. What was in *queries is released. Fails as mig_file_read() does.
 */
void mig_known_queries_read(struct mig_session *s, const struct mig_source *source,
                            struct mig_known_queries *queries);

/*
 * Explains the query on the session's connection. That it does not compile fails nothing: it is
 * out_plan->error. What is in the plan is the arena's.
 */
void mig_known_query_explain(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_known_query *query,
                             struct mig_known_plan *out_plan);

/*
 * The first query that the session's connection would use the index `index` (its name, in any case of
 * letters) for; NULL when there is none, or on a failed session. The connection has to have the index.
 */
const struct mig_known_query *mig_known_query_of_index(struct mig_session *s,
                                                       const struct mig_known_queries *queries,
                                                       const char *index);

/*
 * The line of `after` that reads a whole table (SCAN) where `before` searched it (SEARCH); *out_before is
 * that line. NULL when there is none.
 */
const char *mig_known_plan_worse(const struct mig_known_plan *before,
                                 const struct mig_known_plan *after, const char **out_before);

#endif
