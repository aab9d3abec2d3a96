/*
 * ask.h - questions to the real rows, on the user's connection.
 *
 * Each is one SELECT that ends at the first row that answers it, is finished before the answer comes
 * back, and changes nothing: a statement that SQLite does not call read-only is not run, and neither is
 * one whose text calls a function that may do more than compute (one that is SQLITE_DIRECTONLY, or of
 * the application and neither deterministic nor innocuous).
 *
 * What cannot be asked is MIG_ASK_UNKNOWN, with the reason: SQLite cannot compile it on the live schema
 * (the column may be one that an earlier pending operation adds), the application forbids it. What ends
 * every work fails the session: an interrupt, no memory, a lock, an error of the disk. On a session that
 * has failed or now fails, answers are MIG_ASK_UNKNOWN with the reason "".
 *
 * Texts of answers are of the arena in struct mig_ask, and valid until it is released.
 */
#ifndef MIG_ASK_H
#define MIG_ASK_H

#include "arena.h"
#include "compiler.h"
#include "session.h"
#include "shape.h"

#include <stdbool.h>
#include <stddef.h>

/* Rows are counted up to here; what is more is "over". */
#define MIG_ASK_COUNT_MAX ((int64_t)10000000)

enum mig_ask_verdict {
    MIG_ASK_NO,
    MIG_ASK_YES,
    MIG_ASK_UNKNOWN,
};

struct mig_answer {
    enum mig_ask_verdict verdict;
    const char *why; /* a sentence, lower case, no full stop: "2 rows of users have ..." */
    int64_t count;   /* of mig_ask_rows(): rows, at most MIG_ASK_COUNT_MAX + 1; else 0 */
};

struct mig_ask_count; /* of ask.c */

/* What is remembered between questions: counts, and functions that may do more than compute. */
struct mig_ask {
    struct mig_arena arena;
    struct mig_ask_count *counts; /* owned array */
    size_t count;
    size_t capacity;
    const char **functions; /* that may do more than compute */
    size_t function_count;
    bool has_functions; /* they have been read */
};

void mig_ask_init(struct mig_ask *ask);
void mig_ask_release(struct mig_ask *ask);

/* True for a function of the connection that may do more than compute, and when nobody can tell. */
bool mig_ask_may_act(struct mig_session *s, struct mig_ask *ask, const char *function);

/*
 * The rows that a question is about: those of the table `name` of the main database; or, with `select`,
 * those that this SELECT gives, called `name` in questions and messages, with `columns` as the names of
 * its columns (SQL: `"a", "b"`; NULL: the SELECT's own). With the second form the rows that a rebuild is
 * about to copy can be judged: `INSERT INTO new(a,b) SELECT x, coalesce(y,'') FROM old` is
 * {"new", "a,b", "SELECT x, coalesce(y,'') FROM old"}. The name must not occur in the SELECT itself.
 */
struct mig_relation {
    const char *name;
    const char *columns;
    const char *select;
};

/* Is there a table (not a view) of that name? */
struct mig_answer mig_ask_table(struct mig_session *s, struct mig_ask *ask, const char *table);

/* Has the table any row, and how many? Counted once for each table. NO: it is empty, or not there. */
struct mig_answer mig_ask_rows(struct mig_session *s, struct mig_ask *ask, const char *table);

/* Does the column hold NULL in any row? */
struct mig_answer mig_ask_nulls(struct mig_session *s, struct mig_ask *ask,
                                const struct mig_relation *relation, const char *column);

/*
 * Would rows collide in this index, were it unique? Rows with a NULL in the key never do; of a partial
 * index, only rows that its WHERE chooses. The index may be of another connection (the clone).
 */
struct mig_answer mig_ask_duplicates(struct mig_session *s, struct mig_ask *ask,
                                     const struct mig_relation *relation,
                                     const struct mig_shape_index *index);

/* Does any row violate the CHECK expression? NULL violates nothing. */
struct mig_answer mig_ask_violates(struct mig_session *s, struct mig_ask *ask,
                                   const struct mig_relation *relation, const char *expression);

/* Does any row of the key's child point at the key's parent: is none of its columns NULL? */
struct mig_answer mig_ask_children(struct mig_session *s, struct mig_ask *ask,
                                   const struct mig_shape_foreign_key *key);

/* Does a row of the relation point, through the key, at a parent that is not there? */
struct mig_answer mig_ask_orphans(struct mig_session *s, struct mig_ask *ask,
                                  const struct mig_relation *relation,
                                  const struct mig_shape_foreign_key *key);

#endif
