/*
 * clone.h - a private connection in memory that has the live schema and no rows.
 *
 * What a statement would do to the schema is tried here. It has
 * - every object of main, temp and the attached databases, created from its own SQL text: tables, then
 *   virtual tables, indexes, views, triggers, each kind in the order of creation. The tracking table and
 *   its log are tables like any other. sqlite_sequence is there where a table has AUTOINCREMENT;
 *   sqlite_stat1 and its like are not;
 * - virtual tables of the real module where SQLite has it (fts5, rtree: their shadow tables come by
 *   themselves), else of a stand-in (proxy.h);
 * - encoding, user_version, application_id, limits and the settings that decide what SQL means: those of
 *   the live connection (private.h), PRAGMA foreign_keys included.
 *
 * Nothing is executed on the live connection but SELECTs and PRAGMAs that read.
 *
 *     struct mig_clone clone;
 *
 *     mig_clone_init(&clone);
 *     mig_clone_open(s, &clone);
 *     ... mig_query_*(&clone.session, ...), mig_schema_fingerprint(&clone.session, hex), ...
 *     mig_clone_close(&clone);
 *
 * After mig_clone_open() no transaction is open on the clone: BEGIN, SAVEPOINT and ROLLBACK are the
 * caller's. When `s` has failed, clone.session.db may be NULL.
 */
#ifndef MIG_CLONE_H
#define MIG_CLONE_H

#include "arena.h"
#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* An object that the clone does not have. Texts are the arena's. */
struct mig_clone_gap {
    const char *schema; /* "main", "temp" or the name of an attached database */
    const char *type;   /* table, index, view, trigger */
    const char *name;
    const char *table; /* the table that it is on, or its own name */
    const char *why;   /* SQLite's message */
};

struct mig_clone {
    /* On the clone, with the live session's options. Its failures are its own, not the live session's. */
    struct mig_session session;
    struct mig_session *live; /* borrowed */
    struct mig_arena arena;
    struct mig_clone_gap *gaps; /* owned array, in order of creation */
    size_t gap_count;
    size_t gap_capacity;
    int64_t budget; /* of the statement that mig_clone_execute() runs; negative: no bound */
};

enum mig_clone_result {
    MIG_CLONE_DONE,
    MIG_CLONE_FAILED,  /* clone->session has failed: look at it, then mig_session_forget() */
    MIG_CLONE_STOPPED, /* it was too much (steps or memory): not judged. The session is sound */
};

/* A clone that is not open. Allocates nothing. */
void mig_clone_init(struct mig_clone *clone);

/*
 * Opens the clone of the session's connection. An object that cannot be created is a gap, never an
 * error. Fails `s` when memory runs out, the call is interrupted or the live schema cannot be read.
 */
void mig_clone_open(struct mig_session *s, struct mig_clone *clone);

/* Closes it; all its statements must be finished. Runs on every path, also when it was never opened. */
void mig_clone_close(struct mig_clone *clone);

/* The gap of that name in main (case aside); NULL: the clone has that object, or nobody has. */
const struct mig_clone_gap *mig_clone_find_gap(const struct mig_clone *clone, const char *name);

/*
 * Runs the one statement in `sql` (`length` bytes) to its end, within a bound: some million steps of
 * SQLite's virtual machine, and some megabytes. A statement that is stopped has changed nothing, but
 * the transaction around it may be gone: look at sqlite3_get_autocommit(). An interrupt of the live
 * connection is a failure with outcome MIG_INTERRUPTED.
 */
enum mig_clone_result mig_clone_execute(struct mig_clone *clone, const char *sql,
                                        size_t length);

/* The same for a statement that is prepared already; it is reset afterwards. NULL: nothing to do. */
enum mig_clone_result mig_clone_run(struct mig_clone *clone, sqlite3_stmt *statement);

#endif
