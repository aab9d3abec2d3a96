/*
 * ledger.h - the tracking table and its log in the words of each kind of database: what a script writes
 * around the code of an operation, so that it is recorded as a run records it.
 *
 * Everything is appended to a text; nothing is executed. An out-of-memory is kept in the text
 * (sqlite3_str_errcode()). Each function writes whole statements, with a line end behind each.
 */
#ifndef MIG_LEDGER_H
#define MIG_LEDGER_H

#include "compiler.h"
#include "name.h"
#include "session.h"
#include "tracking.h"

#include <stdbool.h>

/* Where a script is written, and for what. */
struct mig_ledger {
    struct mig_session *s;
    sqlite3_str *out; /* borrowed */
    enum mig_dialect dialect;
    const char *table; /* the tracking table; borrowed */
};

/* The settings of the client that everything below relies on; first of all. */
void mig_ledger_open(const struct mig_ledger *ledger);

/* Makes the two tables where they are not there. */
void mig_ledger_declare(const struct mig_ledger *ledger);

/* Begins and commits a transaction; in MySQL, where one cannot hold what changes a schema, nothing. */
void mig_ledger_begin(const struct mig_ledger *ledger);
void mig_ledger_commit(const struct mig_ledger *ledger);

/*
 * Waits for other scripts and runs of this kind of database, and fails there, with a message that says
 * so, unless the database is at `version` and no operation is unsettled.
 */
void mig_ledger_guard(const struct mig_ledger *ledger, int64_t version);

/* Records that the operation of *record is being applied, or rolled back. */
void mig_ledger_start(const struct mig_ledger *ledger, const struct mig_record *record,
                      bool is_down);

/* Writes the code of an operation, which is sound for the dialect. */
void mig_ledger_code(const struct mig_ledger *ledger, const char *code, size_t length,
                     bool has_delimiter);

/* Records that it is done, in the table and in the log. */
void mig_ledger_finish(const struct mig_ledger *ledger, const struct mig_record *record,
                       bool is_down);

#endif
