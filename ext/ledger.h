/*
 * ledger.h - the tracking table and its log in the words of each kind of database: what is written around
 * the code of an operation, so that it is recorded as a run records it.
 *
 * Everything is appended to a text; nothing is executed. An out-of-memory is kept in the text
 * (sqlite3_str_errcode()). Values are safe whatever they hold and however the server is set up.
 *
 * Offline scripts get whole statements, with a line end behind each. What goes to a client together with
 * other statements is written without an end.
 */
#ifndef MIG_LEDGER_H
#define MIG_LEDGER_H

#include "compiler.h"
#include "name.h"
#include "origin.h"
#include "session.h"
#include "tracking.h"

#include <stdbool.h>

/* Where something is written, and for what. */
struct mig_ledger {
    struct mig_session *s;
    sqlite3_str *out; /* borrowed */
    enum mig_dialect dialect;
    const char *schema; /* that of a server's table; "": the one in force; borrowed */
    const char *table;  /* the tracking table; borrowed */
    const char *note;   /* what each line of the log says; "": nothing; borrowed */
    const struct mig_origin *origin; /* NULL: an offline script, by whoever runs it; borrowed */
};

/* A line of the log. */
struct mig_ledger_line {
    bool is_down;
    bool is_failure;   /* the client's variable migrate_error says which */
    bool is_program;   /* the client's variable migrate_output holds what it said */
    bool has_row;      /* the table holds the names of the operation; else the record does */
    const char *start; /* the time when it began, as SQL */
};

/* A ledger for the table, the schema and the note of the options. */
void mig_ledger_init(struct mig_session *s, sqlite3_str *out, enum mig_dialect dialect,
                     struct mig_ledger *out_ledger);

/* Makes the two tables where they are not there. For a script, too. */
void mig_ledger_declare(const struct mig_ledger *ledger);

/*
 * For a script: waits for other scripts and runs of this kind of database, and fails there, with a message
 * that says so, unless the database is at `version` and no operation is unsettled.
 */
void mig_ledger_guard(const struct mig_ledger *ledger, int64_t version);

/* For a script: records that the operation of *record is being applied, or rolled back. */
void mig_ledger_start(const struct mig_ledger *ledger, const struct mig_record *record,
                      bool is_down);

/* For a script: records that it is done, in the table and in the log. */
void mig_ledger_finish(const struct mig_ledger *ledger, const struct mig_record *record,
                       bool is_down);

/*
 * Writes the row of *record in the given state, `running` or `completed`: a new one, or in place of the one
 * that has_row says is there. `start` is SQL.
 */
void mig_ledger_put(const struct mig_ledger *ledger, const struct mig_record *record,
                    enum mig_state state, const char *start, bool has_row);

/* Changes the state of a row; the time is that of the change, as mig_tracking_set_state() has it. */
void mig_ledger_set_state(const struct mig_ledger *ledger, int64_t version,
                          enum mig_state state);

/* Changes the state of a row that is still `running` to `failed`. */
void mig_ledger_set_failed(const struct mig_ledger *ledger, int64_t version);

/* Adds a line to the log. */
void mig_ledger_log(const struct mig_ledger *ledger, const struct mig_record *record,
                    const struct mig_ledger_line *line);

/* The time of now as SQL: UTC, ISO 8601, with milliseconds. */
const char *mig_ledger_now(enum mig_dialect dialect);

/* Writes a word that does not stand in the bytes: the two parts, with a number between if need be. */
void mig_ledger_unused_word(const char *bytes, size_t length, const char *begin,
                            const char *end, char out[32]);

#endif
