/*
 * interrupt: an application that is interrupted at random moments.
 *
 *     interrupt EXTENSION DATABASE JOURNAL_MODE ROUNDS SEED LAST
 *
 * In each round a second thread calls sqlite3_interrupt() at a moment of a run of migrate_apply(),
 * or, in every other round, of migrate_rollback('all'). Afterwards no transaction is open, the write lock
 * is let go (when a virtual table is stopped in a write of its own, SQLite keeps a read lock until the next
 * statement of the connection is done), and migrate_apply() on the same connection gives LAST. Prints how many runs were stopped, and how many
 * of those were part way.
 */
#include "host.h"

#include <pthread.h>
#include <time.h>

struct shot {
    sqlite3 *db;
    long microseconds;
};

struct rounds {
    const char *last;
    uint32_t random;
    long duration; /* of an undisturbed run, in microseconds */
    int complaints;
    int stopped;
    int part_way;
};

static long microseconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* there is such a clock */
    return now.tv_sec * 1000000L + now.tv_nsec / 1000L;
}

static void *fire(void *argument)
{
    const struct shot *shot = argument;
    const struct timespec wait = {shot->microseconds / 1000000L,
                                  shot->microseconds % 1000000L * 1000L};

    (void)nanosleep(&wait, NULL);
    sqlite3_interrupt(shot->db);
    return NULL;
}

/* What was applied when the run ended: "" for nothing. */
static void note_progress(struct rounds *rounds, sqlite3 *db)
{
    char count[64];

    host_text(db, "SELECT count(*) FROM migrations_applied WHERE status = 'completed'", count,
              sizeof(count));
    rounds->part_way += strcmp(count, "0") != 0 && strcmp(count, rounds->last) != 0;
}

static void run_round(struct rounds *rounds, sqlite3 *db, const char *sql)
{
    const long moment = (long)(host_random(&rounds->random) % 1000) * rounds->duration / 900;
    struct shot shot = {db, moment};
    pthread_t thread;
    char text[4096];
    bool passed;

    if (pthread_create(&thread, NULL, fire, &shot) != 0)
        host_die("interrupt", "there is no thread to be had");
    passed = host_try(db, sql, text, sizeof(text));
    (void)pthread_join(thread, NULL);
    (void)host_check(&rounds->complaints, sqlite3_get_autocommit(db) != 0,
                     "no transaction is open", text);
    (void)host_check(&rounds->complaints, sqlite3_txn_state(db, NULL) != SQLITE_TXN_WRITE,
                     "the write lock is let go", text);
    host_run(db, "SELECT count(*) FROM sqlite_schema");
    host_check_rest(&rounds->complaints, db, text);
    if (!passed) {
        (void)host_check(&rounds->complaints, strncmp(text, "9 ", 2) == 0,
                         "it fails as interrupted", text);
        rounds->stopped++;
        note_progress(rounds, db);
    }
    (void)host_expect(&rounds->complaints, db, "PRAGMA foreign_keys", "1");
    host_settle(db);
    if (!host_try(db, "SELECT migrate_apply()", text, sizeof(text)) ||
        strcmp(text, rounds->last) != 0)
        (void)host_check(&rounds->complaints, false, "the next run completes", text);
}

int main(int count, char **arguments)
{
    struct rounds rounds = {.last = host_argument(count, arguments, 6),
                            .random = (uint32_t)host_number(count, arguments, 5)};
    const long number = host_number(count, arguments, 4);
    char mode[64];
    sqlite3 *db = host_open(host_argument(count, arguments, 2), arguments[1]);
    long start;

    (void)snprintf(mode, sizeof(mode), "PRAGMA journal_mode=%s", arguments[3]);
    host_run(db, mode);
    host_run(db, "PRAGMA foreign_keys=ON; SELECT migrate_config('commit_interval', 0)");
    start = microseconds_now();
    host_run(db, "SELECT migrate_apply()");
    rounds.duration = microseconds_now() - start;
    for (long i = 0; i < number && rounds.complaints < 20; i++) {
        if (i % 2 == 0)
            host_run(db, "SELECT migrate_rollback('all')");
        run_round(&rounds, db,
                  i % 2 == 0 ? "SELECT migrate_apply()" : "SELECT migrate_rollback('all')");
    }
    (void)host_expect(&rounds.complaints, db, "PRAGMA integrity_check", "ok");
    (void)host_check(&rounds.complaints, sqlite3_close(db) == SQLITE_OK, "it can be closed",
                     "");
    printf("%s, seed %s: %ld rounds, %d stopped, %d part way\n", arguments[3], arguments[5],
           number, rounds.stopped, rounds.part_way);
    (void)host_check(&rounds.complaints, rounds.stopped > 0, "a run was stopped", "none was");
    return rounds.complaints == 0 ? 0 : 1;
}
