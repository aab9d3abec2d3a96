/*
 * interrupt_wait: an application that interrupts a run which is waiting.
 *
 *     interrupt_wait EXTENSION DATABASE program FIFO    a program is running; it has written a
 *                                                       line to FIFO, and keeps FIFO open
 *     interrupt_wait EXTENSION DATABASE lock            another connection holds the write lock
 *
 * Prints what migrate_apply() reports. The exit status is 0 when nothing is left behind: no
 * transaction, no process, and the connection can be used.
 */
#include "host.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

struct wait {
    sqlite3 *db;
    const char *fifo; /* NULL: wait for the semaphore */
    FILE *file;
    sem_t waiting;
};

static void *fire(void *argument)
{
    struct wait *wait = argument;
    char line[64] = "";

    if (wait->fifo != NULL) {
        wait->file = fopen(wait->fifo, "re");
        if (wait->file == NULL || fgets(line, sizeof(line), wait->file) == NULL)
            host_die(wait->fifo, "nobody has written to it");
    } else {
        while (sem_wait(&wait->waiting) != 0 && errno == EINTR) {
        }
    }
    sqlite3_interrupt(wait->db);
    return NULL;
}

/* Lets the second thread know that the run is waiting for the lock. */
static int busy(void *argument, int calls)
{
    struct wait *wait = argument;

    (void)calls;
    (void)sem_post(&wait->waiting);
    return 0;
}

/* Returns when nobody has the FIFO open any more, or ends the host by a signal. */
static void wait_for_end(struct wait *wait)
{
    if (wait->file == NULL)
        return;
    (void)alarm(30);
    while (fgetc(wait->file) != EOF) {
    }
    (void)alarm(0);
    (void)fclose(wait->file);
}

static void run(struct wait *wait, int *complaints)
{
    pthread_t thread;
    char text[4096];

    if (pthread_create(&thread, NULL, fire, wait) != 0)
        host_die("interrupt_wait", "there is no thread to be had");
    (void)host_check(complaints,
                     !host_try(wait->db, "SELECT migrate_apply()", text, sizeof(text)),
                     "the run is stopped", text);
    (void)pthread_join(thread, NULL);
    printf("%s\n", text);
    host_check_rest(complaints, wait->db, text);
    wait_for_end(wait);
}

int main(int count, char **arguments)
{
    struct wait wait = {.file = NULL};
    sqlite3 *other = NULL;
    int complaints = 0;

    if (sem_init(&wait.waiting, 0, 0) != 0)
        host_die("interrupt_wait", "there is no semaphore to be had");
    wait.db = host_open(host_argument(count, arguments, 2), arguments[1]);
    host_run(wait.db,
             "SELECT migrate_config('scripts', 'on'), migrate_config('lock_timeout', 600000),"
             "migrate_config('script_timeout', 600000)");
    if (strcmp(host_argument(count, arguments, 3), "program") == 0) {
        wait.fifo = host_argument(count, arguments, 4);
    } else {
        if (sqlite3_open(arguments[2], &other) != SQLITE_OK)
            host_die("open", sqlite3_errmsg(other));
        host_run(other, "BEGIN IMMEDIATE");
        (void)sqlite3_busy_handler(wait.db, busy, &wait);
    }
    run(&wait, &complaints);
    if (other != NULL)
        host_run(other, "COMMIT");
    (void)sqlite3_close(other);
    host_run(wait.db, "CREATE TABLE afterwards (x)");
    (void)host_check(&complaints, sqlite3_close(wait.db) == SQLITE_OK, "it can be closed", "");
    return complaints == 0 ? 0 : 1;
}
