/*
 * query.h - statements on a session: prepare, bind, step, read, finish.
 *
 * The only file that prepares statements. Every function does nothing on a failed session and
 * records the first failure; a statement is finished on every path. None is kept between two calls:
 * a cached statement would make sqlite3_close() fail, because functions are destroyed after the
 * check for unfinished statements.
 */
#ifndef MIG_QUERY_H
#define MIG_QUERY_H

#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Prepares one statement; `format` is that of sqlite3_mprintf(). NULL when the session has failed
 * or now fails. Released with mig_query_finish().
 */
sqlite3_stmt *mig_query_prepare(struct mig_session *s, const char *format, ...);

/*
 * Prepares the first statement of `text`, which ends with a NUL (SQLite then reads it where it is,
 * instead of copying all of it for each statement). *out_tail is the number of bytes it took. NULL
 * with a sound session: nothing but blanks and comments was there.
 */
sqlite3_stmt *mig_query_prepare_text(struct mig_session *s, const char *text, size_t *out_tail);

/* Steps. True: a row is there. False: done, or failed. */
bool mig_query_step(struct mig_session *s, sqlite3_stmt *statement);

/* Runs a statement to its end, and makes it ready to be bound and run again. */
void mig_query_run(struct mig_session *s, sqlite3_stmt *statement);

/* Makes a statement that was stepped ready to be bound and stepped again. NULL is allowed. */
void mig_query_reset(sqlite3_stmt *statement);

/* Finishes a statement. NULL is allowed. Runs on a failed session too. */
void mig_query_finish(sqlite3_stmt *statement);

/* Prepares, runs to the end and finishes. */
void mig_query_execute(struct mig_session *s, const char *format, ...);

/* The first column of the first row, as an integer; `otherwise` when there is no row or a failure. */
int64_t mig_query_integer(struct mig_session *s, int64_t otherwise, const char *format, ...);

/* Binds; numbers count from 1. Text and blobs are borrowed until the statement is finished. A NULL
 * text binds NULL. */
void mig_query_bind_text(struct mig_session *s, sqlite3_stmt *statement, int number,
                         const char *text);
void mig_query_bind_integer(struct mig_session *s, sqlite3_stmt *statement, int number,
                            int64_t value);
/* True for UTF-8 that SQLite gives back unchanged in a database of any encoding. */
bool mig_query_is_text(const void *text, size_t length);

/*
 * Binds `length` bytes as text where they are UTF-8 that SQLite gives back unchanged in a database
 * of any encoding, else as a blob. NULL bytes bind NULL.
 */
void mig_query_bind_bytes(struct mig_session *s, sqlite3_stmt *statement, int number,
                          const void *bytes, size_t length);

#endif
