/*
 * execute.h - runs one script on the user's connection, statement by statement, and keeps what must
 * not leak out of it: the enforcement of foreign keys, other flags (flags.h), the transaction.
 *
 * Foreign keys. Ordinary statements run with the enforcement that the connection has. DROP TABLE
 * does an implicit DELETE of all rows, which fires ON DELETE CASCADE of the children
 * (https://www.sqlite.org/lang_droptable.html); enforcement is off around it. PRAGMA foreign_keys in
 * a transaction is honoured until the script ends. Where enforcement was off at any point, the
 * tables concerned are checked before and after, and new violations fail the script.
 *
 * Transactions. A transactional script cannot end the transaction that it runs in. After each
 * statement the connection is asked whether it is still open: OR ROLLBACK, RAISE(ROLLBACK) and a full
 * disk end it by themselves.
 */
#ifndef MIG_EXECUTE_H
#define MIG_EXECUTE_H

#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

struct mig_execution {
    /* in */
    const char *path; /* for messages */
    const char *text; /* a sound script with a NUL behind it */
    size_t length;
    bool transactional; /* a transaction is open, and must be when the script ends */
    /* out */
    int64_t statement;    /* the statement that failed, from 1; 0: none */
    int64_t statements;   /* how many were run, the one that failed among them */
    int64_t rows_changed; /* as sqlite3_total_changes() counts */
    bool creates_body;    /* it has a CREATE VIEW or CREATE TRIGGER */
};

/* Runs the script. On failure the transaction is left to the caller. */
void mig_execute(struct mig_session *s, struct mig_execution *execution);

#endif
