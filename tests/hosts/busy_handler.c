/*
 * busy_handler: an application that has a busy handler of its own while another connection holds
 * the write lock.
 *
 *     busy_handler EXTENSION DATABASE RELEASE
 *
 * The handler counts its calls and gives up after ten of them; at call RELEASE (0: never) the other
 * connection lets go. lock_timeout is 0, so all the patience is the handler's. Prints what
 * migrate_apply() gives, and the number of calls; then checks that the handler is still there.
 */
#include "host.h"

#define PATIENCE 10

struct handler {
    sqlite3 *other;
    long release;
    long calls;
};

static int handle(void *argument, int calls)
{
    struct handler *handler = argument;

    handler->calls++;
    if (handler->calls == handler->release)
        host_run(handler->other, "COMMIT");
    return calls < PATIENCE - 1 ? 1 : 0;
}

int main(int count, char **arguments)
{
    struct handler handler = {.release = host_number(count, arguments, 3)};
    sqlite3 *db = host_open(arguments[2], arguments[1]);
    int complaints = 0;
    char text[4096];
    long calls;

    if (sqlite3_open(arguments[2], &handler.other) != SQLITE_OK)
        host_die("open", sqlite3_errmsg(handler.other));
    host_run(handler.other, "BEGIN IMMEDIATE");
    (void)sqlite3_busy_handler(db, handle, &handler);
    host_run(db, "SELECT migrate_config('lock_timeout', 0)");

    (void)host_try(db, "SELECT migrate_apply()", text, sizeof(text));
    printf("%s\n%ld calls\n", text, handler.calls);
    host_check_rest(&complaints, db, text);

    handler.release = 0;
    if (sqlite3_get_autocommit(handler.other) != 0)
        host_run(handler.other, "BEGIN IMMEDIATE");
    calls = handler.calls;
    (void)host_try(db, "BEGIN IMMEDIATE", text, sizeof(text));
    (void)host_check(&complaints, handler.calls == calls + PATIENCE,
                     "the handler is still there", text);
    (void)sqlite3_close(handler.other);
    (void)host_check(&complaints, sqlite3_close(db) == SQLITE_OK, "it can be closed", "");
    return complaints == 0 ? 0 : 1;
}
