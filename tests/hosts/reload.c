/*
 * reload: an application that opens and closes its database many times.
 *
 *     reload EXTENSION DATABASE TIMES
 *
 * Each time the extension is loaded, twice on the same connection, used and closed. Afterwards no
 * memory of SQLite's and no more open files are left than after the first time.
 */
#include "host.h"

#include <fcntl.h>
#include <unistd.h>

/* The lowest number that a newly opened file gets. */
static int next_file(void)
{
    const int fd = open("/dev/null", O_RDONLY);

    if (fd >= 0)
        (void)close(fd);
    return fd;
}

static void use_once(int *complaints, const char *extension, const char *path)
{
    sqlite3 *db = host_open(path, extension);

    if (host_load(db, extension) != SQLITE_OK)
        host_die("load", sqlite3_errmsg(db));
    host_run(db, "SELECT migrate_config('actor', 'host')");
    (void)host_expect(complaints, db, "SELECT migrate_apply()", "3");
    (void)host_expect(complaints, db, "SELECT count(*) FROM migrations_problems", "0");
    (void)host_expect(complaints, db, "SELECT migrate_rollback('all')", "0");
    (void)host_expect(complaints, db, "SELECT count(*) FROM migrations_pending", "3");
    (void)host_check(complaints, sqlite3_close(db) == SQLITE_OK, "it can be closed", "");
}

int main(int count, char **arguments)
{
    const char *path = host_argument(count, arguments, 2);
    const long times = host_number(count, arguments, 3);
    int complaints = 0;
    int files;

    use_once(&complaints, arguments[1], path);
    files = next_file();
    for (long i = 1; i < times && complaints == 0; i++)
        use_once(&complaints, arguments[1], path);
    (void)host_check(&complaints, sqlite3_memory_used() == 0, "no memory is left", "");
    (void)host_check(&complaints, next_file() == files, "no file is left open", "");
    printf("%ld times\n", times);
    return complaints == 0 ? 0 : 1;
}
