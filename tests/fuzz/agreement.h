/*
 * agreement.h - holds the statements of mig_script_next() against SQLite's own: prepares each one
 * from a text that goes on behind it, and compares where SQLite's parser stopped reading.
 *
 * SQLite only says so of a statement that it understood, so what creates or changes something is
 * run as well, on an empty database in memory that is thrown away.
 */
#ifndef MIG_AGREEMENT_H
#define MIG_AGREEMENT_H

#include "script.h"
#include "token.h"

#include <sqlite3.h>
#include <stdlib.h>

struct agreement {
    size_t statements;  /* that mig_script_next() found */
    size_t compared;    /* of them, those of which SQLite said where they end */
    size_t at;          /* offset of the statement they disagree about */
    const char *reason; /* NULL: they agree */
};

/* SQLite 3.40.1 reads behind the end of a name that is still a quoted one when it is unquoted. */
static inline bool agreement_is_risky(const char *text, size_t length)
{
    size_t position = 0;

    for (;;) {
        struct mig_token token = mig_token_next(text, length, &position);

        if (token.kind == MIG_TOKEN_END)
            return false;
        if (token.length < 3 || !mig_token_is_name(&token))
            continue;
        if (strchr("\"'`[", token.text[0]) != NULL && strchr("\"'`[", token.text[1]) != NULL)
            return true;
    }
}

/* A pragma may act while it is prepared, and not only on its own connection. */
static inline int agreement_authorize(void *unused, int action, const char *first,
                                      const char *second, const char *schema,
                                      const char *trigger)
{
    (void)unused;
    (void)first;
    (void)second;
    (void)schema;
    (void)trigger;
    return action == SQLITE_PRAGMA ? SQLITE_IGNORE : SQLITE_OK;
}

/* Ends a statement that has used up its steps. */
static inline int agreement_spend(void *budget)
{
    int *left = budget;

    (*left)--;
    return *left <= 0;
}

static inline sqlite3 *agreement_open(int *budget)
{
    sqlite3 *db = NULL;

    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        abort();
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 100000);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_exec(db, "PRAGMA max_page_count = 200", NULL, NULL, NULL);
    sqlite3_set_authorizer(db, agreement_authorize, NULL);
    sqlite3_progress_handler(db, 100, agreement_spend, budget);
    return db;
}

/* True for what later statements may need. A module is a program of its own, so it is left out. */
static inline bool agreement_is_run(const char *text, const struct mig_statement *statement)
{
    size_t position = statement->start;
    struct mig_token first = mig_token_next(text, statement->end, &position);
    struct mig_token second = mig_token_next(text, statement->end, &position);

    if (mig_token_is_word(&second, "VIRTUAL"))
        return false;
    return statement->kind == MIG_STATEMENT_WRITE || statement->kind == MIG_STATEMENT_ALTER ||
           mig_token_is_word(&first, "CREATE") || mig_token_is_word(&first, "DROP");
}

/* Where something that means something follows, from `position` on. */
static inline size_t agreement_skip(const char *text, size_t length, size_t position)
{
    size_t behind = position;
    struct mig_token token = mig_token_next(text, length, &behind);

    return behind - token.length;
}

/* Says what they disagree about, or gives NULL. `start` is where the statement before ended. */
static inline const char *agreement_compare(sqlite3 *db, const char *text, size_t length,
                                            size_t start, const struct mig_statement *statement,
                                            struct agreement *sums)
{
    sqlite3_stmt *stmt = NULL;
    const char *tail = NULL;
    const char *reason = NULL;
    int rc = sqlite3_prepare_v3(db, text + start, (int)(length - start), 0, &stmt, &tail);
    size_t end = agreement_skip(text, length, statement->end);

    if (rc == SQLITE_OK) {
        sums->compared++;
        if (stmt == NULL)
            reason = "SQLite finds no statement here";
        else if (agreement_skip(text, length, (size_t)(tail - text)) != end)
            reason = "SQLite ends the statement elsewhere";
        else if (agreement_is_run(text, statement))
            while (sqlite3_step(stmt) == SQLITE_ROW)
                continue;
    } else if (strcmp(sqlite3_errmsg(db), "incomplete input") == 0) {
        sums->compared++;
        if (end != length)
            reason = "SQLite reads the statement to the end of the text";
    }
    sqlite3_finalize(stmt);
    return reason;
}

/* Compares all statements of a text, up to the first disagreement. */
static inline struct agreement agreement_walk(const char *text, size_t length)
{
    struct agreement agreement = {.reason = NULL};
    struct mig_statement statement;
    size_t position = 0;
    size_t start = 0;
    int budget = 0;
    sqlite3 *db = NULL;

    if (memchr(text, '\0', length) != NULL || agreement_is_risky(text, length))
        return agreement;
    db = agreement_open(&budget);
    while (agreement.reason == NULL && mig_script_next(text, length, &position, &statement)) {
        agreement.at = statement.start;
        agreement.statements++;
        budget = 100;
        agreement.reason = agreement_compare(db, text, length, start, &statement, &agreement);
        start = statement.end;
    }
    sqlite3_close(db);
    return agreement;
}

#endif
