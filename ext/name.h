/*
 * name.h - the names of the migration folder: date folders and files. What is a name of ours, what
 * is ignored, and what is wrong with the rest.
 *
 *     2025-01-10/0001-TASK-123-create-users-table_up.sql
 *     YYYY-MM-DD/VERSION-TASK-DESCRIPTION_{up|down}.sql
 *     2025-01-10/0001-TASK-123-create-users-table_up.postgresql.sql
 *     YYYY-MM-DD/VERSION-TASK-DESCRIPTION_{up|down}.DIALECT.sql     the same for one kind of database
 *     2025-01-11/0003-TASK-456-migrate-user-data.sh
 *     YYYY-MM-DD/VERSION-TASK-DESCRIPTION.EXTENSION         a program
 *
 * VERSION: four or more ASCII digits, 1 to 2^63-1. TASK: upper-case letters and digits, starting
 * with a letter, a hyphen, digits. DESCRIPTION: one or more of A-Z a-z 0-9 - _ . EXTENSION: one or
 * more of a-z A-Z 0-9, not "sql" in any case.
 *
 * Names are ASCII so that two file systems never disagree about them (normal forms, case, quoting).
 * Pure: no file system, no memory. All parts are places in the caller's name.
 */
#ifndef MIG_NAME_H
#define MIG_NAME_H

#include "compiler.h"

#include <stdbool.h>
#include <stddef.h>

/* The longest file name that is looked at, in bytes (POSIX NAME_MAX of every common file system). */
#define MIG_NAME_MAX 255

/* The kinds of databases that a file can be for. */
enum mig_dialect {
    MIG_DIALECT_SQLITE,
    MIG_DIALECT_POSTGRESQL,
    MIG_DIALECT_MYSQL,
    MIG_DIALECT_COUNT, /* any */
};

enum mig_name_part {
    MIG_NAME_UP,      /* ..._up.sql */
    MIG_NAME_DOWN,    /* ..._down.sql */
    MIG_NAME_PROGRAM, /* anything else with an extension */
};

struct mig_name {
    int64_t version; /* 1 or more */
    const char *task;
    size_t task_length;
    const char *description;
    size_t description_length;
    enum mig_name_part part;
    enum mig_dialect dialect; /* MIG_DIALECT_COUNT: for any */
    size_t stem_length;       /* bytes before `_up.sql`, `_down.sql` or the extension's dot */
};

enum mig_name_defect {
    MIG_NAME_SOUND,
    MIG_NAME_TOO_LONG,            /* more than MIG_NAME_MAX bytes */
    MIG_NAME_VERSION_MISSING,     /* does not start with a digit */
    MIG_NAME_VERSION_SHORT,       /* fewer than four digits */
    MIG_NAME_VERSION_ZERO,        /* counts from 1 */
    MIG_NAME_VERSION_LARGE,       /* more than 2^63-1 */
    MIG_NAME_VERSION_END,         /* the digits are not followed by a hyphen */
    MIG_NAME_TASK_MISSING,        /* no capital letter behind the version's hyphen */
    MIG_NAME_TASK_LETTERS,        /* something other than A-Z 0-9 before the task's hyphen */
    MIG_NAME_TASK_NUMBER,         /* no digits behind the task's hyphen */
    MIG_NAME_DESCRIPTION_MISSING, /* no hyphen and description behind the task, or an empty one */
    MIG_NAME_DESCRIPTION_LETTERS, /* a byte outside A-Z a-z 0-9 - _ */
    MIG_NAME_DIRECTION,           /* .sql without _up or _down */
    MIG_NAME_EXTENSION_MISSING,   /* no dot */
    MIG_NAME_EXTENSION_LETTERS,   /* .SQL, or an extension outside A-Z a-z 0-9, or empty */
    MIG_NAME_PROGRAM_DIRECTION,   /* a program called ..._up.sh or ..._down.sh */
};

/*
 * Takes the name of a file in a date folder apart (the name alone, without folder, NUL-terminated).
 * On MIG_NAME_SOUND *out_name is filled, its pointers borrowed from `file`. Otherwise the first
 * defect from left to right is returned, and *out_at / *out_length are the bytes of `file` that are
 * wrong (the length is 0 where something is missing).
 */
MIG_MUST_USE enum mig_name_defect mig_name_parse(const char *file, struct mig_name *out_name,
                                                 size_t *out_at, size_t *out_length);

/* What a dialect is called in names and options: "sqlite", "postgresql", "mysql". */
const char *mig_dialect_name(enum mig_dialect dialect);

/*
 * What is wrong, as a phrase without full stop. Where the phrase holds one %s, the wrong bytes,
 * made printable with mig_name_printable(), are meant to be put there: mig_name_defect_has_word().
 */
const char *mig_name_defect_message(enum mig_name_defect defect);
bool mig_name_defect_has_word(enum mig_name_defect defect);

/* True for names that are no operations and no mistakes: hidden files, *~, #*#, README*. */
bool mig_name_is_ignored(const char *file);

/* True for YYYY-MM-DD that is a real date of the Gregorian calendar, year 0001 to 9999. */
bool mig_name_is_date(const char *folder);

/* True for a folder name that begins like a date (four digits and a hyphen), so is meant as one. */
bool mig_name_is_date_like(const char *folder);

/* True for TASK as above, all of the text: "TASK-123". */
bool mig_name_is_task(const char *text);

/*
 * Reads all of `text` as a decimal version, 0 to 2^63-1 (0 stands for the empty database).
 * False when it is anything else; *out_version is then 0.
 */
MIG_MUST_USE bool mig_name_version(const char *text, int64_t *out_version);

/*
 * Copies `length` bytes for a message: bytes below 0x20, 0x7f, U+0080 to U+009F (terminals obey
 * them) and bytes that are not valid UTF-8 become \xNN, a backslash becomes \\ . Cut to what fits
 * `size` bytes, with "..." in that case; always NUL-terminated (size >= 8).
 */
void mig_name_printable(const char *text, size_t length, char *out, size_t size);

#endif
