/*
 * transaction.h - the transaction of a call: who may begin one, and how it ends on every path.
 *
 * A function called as `SELECT f()`, without a table, is neither reader nor writer, and may begin
 * and end transactions. That holds as long as no other statement of the connection is half read and
 * no transaction is open; mig_transaction_guard() is the one precondition, checked first.
 */
#ifndef MIG_TRANSACTION_H
#define MIG_TRANSACTION_H

#include "compiler.h"
#include "session.h"

#include <stdbool.h>

/*
 * Fails the session unless the connection is free to be written: no transaction open, no statement
 * half read (it is named), main database not read-only, PRAGMA query_only off. `function` is the
 * name of the SQL function that was called, for the message.
 * Sources: https://www.sqlite.org/c3ref/get_autocommit.html, txn_state.html, db_readonly.html
 */
void mig_transaction_guard(struct mig_session *s, const char *function);

/* The same for a call that only reads: a read-only database will do. */
void mig_transaction_guard_reader(struct mig_session *s, const char *function);

/*
 * Begins a read transaction, ended by mig_transaction_rollback(), and holds the database as it is now.
 * Waits for a lock as mig_transaction_begin() does. Returns mig_transaction_objects() of it.
 */
int64_t mig_transaction_pin(struct mig_session *s);

/* How many rows the schema table of `schema` has. */
int64_t mig_transaction_objects(struct mig_session *s, const char *schema);

/* True while a transaction is open. */
bool mig_transaction_is_open(const struct mig_session *s);

/*
 * For what is to be tried again while the database is locked. When the session has failed for that, and
 * option lock_timeout is not over since `start` (mig_clock_milliseconds()), the failure is forgotten, a
 * moment passes, and true is returned. Only for what is a transaction of its own, or begins or ends one:
 * within a transaction, waiting for a lock can be a deadlock.
 */
bool mig_transaction_retry(struct mig_session *s, int64_t start);

/*
 * Takes the write lock (BEGIN IMMEDIATE). While it is busy, the connection's own busy handler is
 * left to do its work, and then the attempt is made again until option lock_timeout is over.
 */
void mig_transaction_begin(struct mig_session *s);

/*
 * Keeps the emergency brake of the open transaction ready; to be called after each statement that may
 * have changed the schema or a flag of the connection. Once an allocation of SQLite's has failed inside
 * a function, it refuses to compile or to allocate anything until the function has returned, ROLLBACK
 * included. A statement that is compiled already, and not outdated, can still be stepped: it meets the
 * failure, and SQLite then rolls the transaction back itself.
 */
void mig_transaction_keep_brake(struct mig_session *s);

/*
 * A brake for one statement that outdates the other one before it needs memory (CREATE VIRTUAL TABLE,
 * CREATE INDEX, ANALYZE): a statement that is half read cannot be outdated, and ends the transaction when
 * it is finished after an allocation has failed. Finish it behind the statement. Only for statements that
 * destroy no table or index: SQLite refuses that while anything is half read. NULL when there is no memory.
 */
sqlite3_stmt *mig_transaction_hold_brake(struct mig_session *s);

/*
 * Commits; a busy database (a reader in the rollback journal modes) is tried again until
 * lock_timeout is over. When it fails, the transaction is rolled back.
 */
void mig_transaction_commit(struct mig_session *s);

/*
 * Rolls back the transaction that was begun here; one that the user has begun is never touched. Runs
 * on a failed session too; also when memory ran out (by the
 * brake), and after sqlite3_interrupt(), when ROLLBACK itself is refused: opening a blob of the schema
 * table for writing is then stopped as a write, and a write that is stopped rolls the transaction back.
 * Source: https://www.sqlite.org/c3ref/interrupt.html
 */
void mig_transaction_rollback(struct mig_session *s);

/* Takes over a transaction that a script without a transaction has left open, so that it can be rolled
 * back. */
void mig_transaction_adopt(struct mig_session *s);

/* True when sqlite3_interrupt() was called on the connection and statements are refused. */
bool mig_transaction_interrupted(struct mig_session *s);

/*
 * A number that stays the same as long as no other connection has changed the database.
 * Source: https://www.sqlite.org/pragma.html#pragma_data_version
 */
int64_t mig_transaction_data_version(struct mig_session *s);

#endif
