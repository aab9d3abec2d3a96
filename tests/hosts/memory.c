/*
 * memory: an application in which every allocation fails once.
 *
 *     memory EXTENSION DATABASE STRIDE LAST STATEMENT...
 *
 * For n = 1, 1 + STRIDE, 1 + 2 * STRIDE, ... the statements are run in order on a new connection and database while the n-th
 * allocation of SQLite's allocator fails, until a pass needs fewer than n. The first statement that
 * fails has to say that memory ran out, or what it could not do for that reason; afterwards no
 * transaction is open and the write lock is let go (when a virtual table runs out of memory in a COMMIT,
 * SQLite keeps a read lock until the next statement of the connection is done), the statements from that one on succeed, the last of them gives LAST, the
 * database is sound, and nothing of the memory is left when the connection is closed.
 */
#include "host.h"

static sqlite3_mem_methods ordinary;
static long countdown; /* the allocation that fails; 0: none */
static bool has_failed;
static long live; /* pieces that were handed out and not taken back */

static bool is_to_fail(void)
{
    if (countdown == 0 || --countdown > 0)
        return false;
    has_failed = true;
    return true;
}

static void *counting_malloc(int size)
{
    void *piece = is_to_fail() ? NULL : ordinary.xMalloc(size);

    live += piece != NULL ? 1 : 0;
    return piece;
}

static void counting_free(void *piece)
{
    live -= piece != NULL ? 1 : 0;
    ordinary.xFree(piece);
}

static void *counting_realloc(void *piece, int size)
{
    return is_to_fail() ? NULL : ordinary.xRealloc(piece, size);
}

struct pass {
    const char *extension;
    const char *database;
    const char *last;
    int count;
    char **statements;
    int complaints;
    long clean; /* failures that ended in an error */
};

/* True for an error that a lack of memory may end in. */
static bool is_clean(const char *text)
{
    return strncmp(text, "7 ", 2) == 0 && strlen(text) > 2;
}

static void run_statements(struct pass *pass, sqlite3 *db, long n)
{
    char text[4096];
    char detail[4300];

    for (int i = 0; i < pass->count; i++) {
        const bool passed = host_try(db, pass->statements[i], text, sizeof(text));

        (void)snprintf(detail, sizeof(detail), "allocation %ld, %s: %s", n, pass->statements[i],
                       text);
        if (!passed) {
            (void)host_check(&pass->complaints, has_failed, "it fails only for memory", detail);
            (void)host_check(&pass->complaints, is_clean(text), "the error is clean", detail);
            (void)host_check(&pass->complaints, sqlite3_get_autocommit(db) != 0,
                             "no transaction is open", detail);
            (void)host_check(&pass->complaints, sqlite3_txn_state(db, NULL) != SQLITE_TXN_WRITE,
                             "the write lock is let go", detail);
            pass->clean++;
            countdown = 0;
            if (sqlite3_get_autocommit(db) == 0)
                host_run(
                    db, "ROLLBACK"); /* complained of; what follows is looked at all the same */
            host_settle(db);
            host_check_rest(&pass->complaints, db, detail);
            if (!host_try(db, pass->statements[i], text, sizeof(text)))
                (void)host_check(&pass->complaints, false, "it succeeds afterwards", text);
        }
        host_check_rest(&pass->complaints, db, detail);
    }
    (void)host_check(&pass->complaints, strcmp(text, pass->last) == 0, "the end is reached",
                     detail);
    countdown = 0;
    (void)host_expect(&pass->complaints, db, "PRAGMA integrity_check", "ok");
}

/* One pass in which the n-th allocation fails; false when it has fewer than that. */
static bool run_pass(struct pass *pass, long n)
{
    const long before = live;
    char detail[64];
    sqlite3 *db = NULL;

    (void)snprintf(detail, sizeof(detail), "allocation %ld", n);
    host_remove(pass->database);
    if (sqlite3_open(pass->database, &db) != SQLITE_OK)
        host_die("open", sqlite3_errmsg(db));
    has_failed = false;
    countdown = n;
    if (host_load(db, pass->extension) != SQLITE_OK) {
        (void)host_check(&pass->complaints, has_failed, "loading fails only for memory",
                         detail);
        pass->clean++;
        countdown = 0;
        if (host_load(db, pass->extension) != SQLITE_OK)
            host_die("load", sqlite3_errmsg(db));
    }
    run_statements(pass, db, n);
    countdown = 0;
    (void)host_check(&pass->complaints, sqlite3_close(db) == SQLITE_OK, "it can be closed",
                     detail);
    (void)sqlite3_shutdown();
    (void)host_check(&pass->complaints, live <= before && sqlite3_memory_used() == 0,
                     "no memory is left", detail);
    return has_failed;
}

int main(int count, char **arguments)
{
    const long stride = host_number(count, arguments, 3);
    struct pass pass = {.extension = host_argument(count, arguments, 1),
                        .database = host_argument(count, arguments, 2),
                        .last = host_argument(count, arguments, 4),
                        .count = count - 5,
                        .statements = arguments + 5};
    sqlite3_mem_methods counting;
    long failed = 0;

    (void)host_argument(count, arguments, 5);
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &ordinary) != SQLITE_OK || stride < 1)
        host_die("memory", "the allocator cannot be replaced");
    counting = ordinary;
    counting.xMalloc = counting_malloc;
    counting.xFree = counting_free;
    counting.xRealloc = counting_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &counting) != SQLITE_OK)
        host_die("memory", "the allocator cannot be replaced");
    for (long n = 1; run_pass(&pass, n) && pass.complaints < 20; n += stride)
        failed++;
    printf("%ld allocations failed, %ld calls reported it\n", failed, pass.clean);
    return pass.complaints == 0 && failed > 0 ? 0 : 1;
}
