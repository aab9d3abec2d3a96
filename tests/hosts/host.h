/*
 * host.h - what the C programs of this folder share. Each is an application that opens a database,
 * loads the extension and looks at what becomes of its connection. A host prints what it measured on
 * standard output and complaints on standard error; its exit status is 0 only when there are none.
 */
#ifndef MIG_HOST_H
#define MIG_HOST_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the host: it could not even get as far as its question. */
static inline void host_die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    exit(70);
}

/* Counts and prints a complaint unless `passed`. */
static inline bool host_check(int *complaints, bool passed, const char *what,
                              const char *detail)
{
    if (!passed) {
        ++*complaints;
        fprintf(stderr, "not so: %s (%s)\n", what, detail);
    }
    return passed;
}

/* Loads the extension; returns an SQLite result code. */
static inline int host_load(sqlite3 *db, const char *extension)
{
    int code = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_load_extension(db, extension, NULL, NULL);
    return code;
}

/* Removes a database and its companions. */
static inline void host_remove(const char *path)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    char name[4096];

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        (void)snprintf(name, sizeof(name), "%s%s", path, endings[i]);
        (void)remove(name); /* most are not there */
    }
}

/* Opens the database and loads the extension, or ends the host. */
static inline sqlite3 *host_open(const char *path, const char *extension)
{
    sqlite3 *db = NULL;

    if (sqlite3_open(path, &db) != SQLITE_OK)
        host_die("open", sqlite3_errmsg(db));
    if (host_load(db, extension) != SQLITE_OK)
        host_die("load", sqlite3_errmsg(db));
    return db;
}

/* The first value of a query as text, "" for none, "error N: MESSAGE" for a failure. */
static inline void host_text(sqlite3 *db, const char *sql, char *out, size_t size)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &query, NULL);
    const char *text = NULL;

    if (code == SQLITE_OK)
        code = sqlite3_step(query);
    if (code == SQLITE_ROW)
        text = (const char *)sqlite3_column_text(query, 0);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        (void)snprintf(out, size, "%s", text == NULL ? "" : text);
    else
        (void)snprintf(out, size, "error %d: %s", code, sqlite3_errmsg(db));
    (void)sqlite3_finalize(query);
}

/*
 * Runs a statement to its end; true when it succeeded. `out` is the last row's first value, or the
 * code and message of the failure.
 */
static inline bool host_try(sqlite3 *db, const char *sql, char *out, size_t size)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &query, NULL);

    out[0] = '\0';
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(query);
        if (code == SQLITE_ROW && sqlite3_column_type(query, 0) != SQLITE_NULL) {
            const char *text = (const char *)sqlite3_column_text(query, 0);

            /* Failing to convert a value is the application's own lack of memory. */
            (void)snprintf(out, size, "%s", text == NULL ? "" : text);
        }
    }
    if (code != SQLITE_DONE)
        (void)snprintf(out, size, "%d %s", code, sqlite3_errmsg(db));
    (void)sqlite3_finalize(query);
    return code == SQLITE_DONE;
}

/* Checks that the first value of a query is `expected`. */
static inline bool host_expect(int *complaints, sqlite3 *db, const char *sql,
                               const char *expected)
{
    char actual[4096];
    char detail[8500];

    host_text(db, sql, actual, sizeof(actual));
    (void)snprintf(detail, sizeof(detail), "%s, not %s", actual, expected);
    return host_check(complaints, strcmp(actual, expected) == 0, sql, detail);
}

/* Runs statements that must succeed, or ends the host. */
static inline void host_run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        host_die(sql, sqlite3_errmsg(db));
}

/* True when a statement of the connection is half read. (FTS tables keep statements of their own.) */
static inline bool host_is_busy(sqlite3 *db)
{
    for (sqlite3_stmt *st = sqlite3_next_stmt(db, NULL); st != NULL;
         st = sqlite3_next_stmt(db, st))
        if (sqlite3_stmt_busy(st))
            return true;
    return false;
}

/* Checks what holds after every call, whatever became of it. */
static inline void host_check_rest(int *complaints, sqlite3 *db, const char *detail)
{
    (void)host_check(complaints, sqlite3_get_autocommit(db) != 0, "no transaction is open",
                     detail);
    (void)host_check(complaints, sqlite3_txn_state(db, NULL) == SQLITE_TXN_NONE,
                     "no lock is held", detail);
    (void)host_check(complaints, !host_is_busy(db), "no statement is half read", detail);
}

/* The number in argument `place`, or ends the host. */
static inline long host_number(int count, char **arguments, int place)
{
    if (place >= count)
        host_die(arguments[0], "an argument is missing");
    return strtol(arguments[place], NULL, 10);
}

/* The argument, or ends the host. */
static inline const char *host_argument(int count, char **arguments, int place)
{
    if (place >= count)
        host_die(arguments[0], "an argument is missing");
    return arguments[place];
}

/* A new pseudo-random number (xorshift), so that a seed tells a run again. */
static inline uint32_t host_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/*
 * Settles operations without a transaction that were left `running` or `failed`, as a person would
 * who finds nothing of them. Their statements can be run again.
 */
static inline void host_settle(sqlite3 *db)
{
    char version[64];
    char sql[128];

    for (int tries = 0; tries < 10; tries++) {
        host_text(db,
                  "SELECT version FROM migrations_applied "
                  "WHERE status IN ('running', 'failed') ORDER BY version LIMIT 1",
                  version, sizeof(version));
        if (version[0] == '\0')
            return;
        (void)snprintf(sql, sizeof(sql), "SELECT migrate_repair(%.20s, 'rollback')", version);
        host_text(db, sql, version, sizeof(version));
    }
}

#endif
