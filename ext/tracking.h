/*
 * tracking.h - the tracking table and its log in the user's database: their layout, and every
 * statement that reads or writes them. Nothing else names these tables or their columns.
 *
 * `migration` (option table) has one row for each operation that was ever applied; `migration_log`
 * one row for each attempt, never rewritten. Both are made on the first run, inside its lock. Tables
 * of these names with other columns are not ours: an error, never touched.
 *
 * The two columns of code stand last, so that reading the state never walks the pages they spill
 * to. docs/tracking-table.md shows the layout; a test compares it with the live one.
 */
#ifndef MIG_TRACKING_H
#define MIG_TRACKING_H

#include "arena.h"
#include "clock.h"
#include "compiler.h"
#include "digest.h"
#include "origin.h"
#include "rows.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* A row to be written. All pointers are borrowed. */
struct mig_record {
    int64_t version;
    enum mig_state state;
    enum mig_type type;
    const char *task;
    const char *description;
    size_t description_length;
    const char *path; /* its first ten bytes are the migration date */
    const char *checksum;
    const char *code;
    size_t code_length;
    const char *rollback_code; /* NULL: none */
    size_t rollback_length;
    const char *started_at;
    const char *completed_at; /* NULL: not over */
};

/* One line of the log. All pointers are borrowed. */
struct mig_attempt {
    int64_t version;
    enum mig_action action;
    bool completed;
    const char *error; /* NULL: none */
    int64_t statement; /* which statement of the file failed, from 1; 0: none */
    const char *started_at;
    int64_t duration; /* milliseconds */
    int64_t rows_changed;
    const char *
        output; /* what the text approves, and what a program said; NULL: nothing. The note comes
                           before it */
};

/* Statements of one run, prepared on first use. */
struct mig_tracking {
    sqlite3_stmt *checksum;
    sqlite3_stmt *same_code;
    sqlite3_stmt *insert;
    sqlite3_stmt *update;
    sqlite3_stmt *log;
    char *note; /* owned; what every line of this run says; NULL: nothing */
    struct mig_origin origin;
    bool origin_known;
};

void mig_tracking_init(struct mig_tracking *tracking);

/* Finishes the statements. To be called before the function returns. */
void mig_tracking_release(struct mig_tracking *tracking);

/*
 * Sets what each line of the log that is written from now on says before its own output: the text of
 * option note, and "snapshot PATH" unless `snapshot` is NULL.
 */
void mig_tracking_set_note(struct mig_session *s, struct mig_tracking *tracking,
                           const char *snapshot);

/* True when the tracking table is there. Fails when tables of those names are not ours, or only one
 * of the two is there. */
bool mig_tracking_exists(struct mig_session *s);

/* Makes the tables unless they are there. To be called inside a write transaction. */
void mig_tracking_create(struct mig_session *s);

/* Adds the statements that make the tables, unless they are there, to a script for the sqlite3 shell. */
void mig_tracking_declare(struct mig_session *s, sqlite3_str *out);

/* Reads the state of all operations. No tables: no rows. What was in *rows is released. */
void mig_tracking_read(struct mig_session *s, struct mig_rows *rows);

/* The highest completed version, asked of the database; 0 when there is none. */
int64_t mig_tracking_newest(struct mig_session *s);

/* True when the row of record->version stores exactly the code and the rollback code of *record. */
bool mig_tracking_has_code(struct mig_session *s, struct mig_tracking *tracking,
                           const struct mig_record *record);

/* The checksum that was recorded for the version; "" when there is no such row. */
void mig_tracking_checksum(struct mig_session *s, struct mig_tracking *tracking,
                           int64_t version, char out_hex[MIG_DIGEST_SIZE]);

/* Writes a row: a new one, or in place of the one with its version. */
void mig_tracking_put(struct mig_session *s, struct mig_tracking *tracking,
                      const struct mig_record *record, bool is_new);

/* Changes the state of a row; the time is that of the change: started_at for `running`, else
 * completed_at. */
void mig_tracking_set_state(struct mig_session *s, int64_t version, enum mig_state state);

/* Replaces what a row says of its files by what *record says: all but the state and its times. */
void mig_tracking_replace_code(struct mig_session *s, const struct mig_record *record);

/* Adds a line to the log; version's task and description are looked up in `record`. */
void mig_tracking_log(struct mig_session *s, struct mig_tracking *tracking,
                      const struct mig_record *record, const struct mig_attempt *attempt);

/* Notes the fingerprint of the schema on the newest line of the log. The last line that a run writes
 * has one; a run that dies leaves none. */
void mig_tracking_note_fingerprint(struct mig_session *s, const char *fingerprint);

/* The fingerprint on the newest line of the log, or "" where that line has none. */
void mig_tracking_last_fingerprint(struct mig_session *s, char out_hex[MIG_DIGEST_SIZE]);

/* What the tracking table stores of one operation. Texts are the arena's; *out_record is empty when
 * there is no such row. The code is read only when `with_code`. */
void mig_tracking_record(struct mig_session *s, struct mig_arena *arena, int64_t version,
                         bool with_code, struct mig_record *out_record);

/*
 * The rows of the table migrations_applied, and of migrations_history, in its columns' order; NULL
 * when the tables are not there. To be finished with mig_query_finish(). The code is read only when
 * `with_code`; else its columns are NULL.
 */
sqlite3_stmt *mig_tracking_select_applied(struct mig_session *s, bool with_code);
sqlite3_stmt *mig_tracking_select_history(struct mig_session *s);

/* The declarations of those two tables' columns, to be put between parentheses. */
extern const char mig_tracking_applied_columns[];
extern const char mig_tracking_history_columns[];

/* True for the names of the tracking table and its log, in any case of letters. */
bool mig_tracking_is_own(struct mig_session *s, const char *table);

#endif
