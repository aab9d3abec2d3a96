/*
 * client.h - what the client of a database is given: its settings, transactions, and the code of an
 * operation with what stands around it, for sqlite3, psql and mysql or mariadb.
 *
 * Everything is appended to the text of a ledger; nothing is executed. What goes to a server together is
 * one request, so that it costs one round trip: psql joins statements by \; and mysql sends all up to its
 * delimiter at once.
 */
#ifndef MIG_CLIENT_H
#define MIG_CLIENT_H

#include "compiler.h"
#include "ledger.h"

#include <stdbool.h>
#include <stddef.h>

/* A step that a client carries out. */
struct mig_client_step {
    const struct mig_record *record; /* borrowed */
    size_t position;                 /* from 1 */
    bool is_down;
    bool has_row;        /* of an operation that is applied: in the tracking table */
    bool no_transaction; /* it runs outside of one */
    bool begins;         /* a transaction begins with it (PostgreSQL) */
    bool ends;           /* and ends with it */
};

/* For a script: the settings of the client that everything else relies on; first of all. */
void mig_client_open(const struct mig_ledger *ledger);

/*
 * For a script: the session is again as mig_client_open() has left it, whatever the code before has set. In
 * MySQL, what that has not committed is. Nothing for SQLite.
 */
void mig_client_reset(const struct mig_ledger *ledger);

/* For a script: begins and commits a transaction; in MySQL, where one cannot hold what changes a schema,
 * nothing. */
void mig_client_begin(const struct mig_ledger *ledger);
void mig_client_commit(const struct mig_ledger *ledger);

/* Writes the code of an operation, which is sound for the dialect. */
void mig_client_code(const struct mig_ledger *ledger, const char *code, size_t length,
                     bool has_delimiter);

/*
 * For a server: what comes before the code of a step. The session is as it was when it began; what another
 * one must see is committed; and a line is printed: the client's variable migrate_mark, the position,
 * milliseconds of a clock (of which the difference means something), the time.
 */
void mig_client_head(const struct mig_ledger *ledger, const struct mig_client_step *step);

/* For a server: what comes behind it: it is recorded as done, and committed where that is its part. */
void mig_client_tail(const struct mig_ledger *ledger, const struct mig_client_step *step);

/*
 * For a server: what another session runs when the step has failed. It writes the line of the log, and
 * leaves no row `running`. Its variables migrate_error, migrate_started (a time as the head prints it) and,
 * for a program, migrate_output are set before.
 */
void mig_client_failure(const struct mig_ledger *ledger, const struct mig_client_step *step);

#endif
