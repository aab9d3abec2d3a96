/*
 * file.h - one file below the migration folder: what may be opened, and its bytes.
 *
 * The only file that opens migration files. They are opened without following links, and never when
 * they are the database itself or one of its companions: closing such a file would drop the locks
 * that SQLite holds on it (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 *
 * `dir_fd` is the open migration folder (or a folder below it), `path` the way from there.
 */
#ifndef MIG_FILE_H
#define MIG_FILE_H

#include "compiler.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* The longest file, and the longest output of a program, in bytes. */
#define MIG_FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* The main database, its journal, its write-ahead log and that one's index. */
#define MIG_FILE_COMPANIONS 4

/* Which files the database of a connection is made of. */
struct mig_file_database {
    struct {
        uint64_t device;
        uint64_t inode;
    } files[MIG_FILE_COMPANIONS];
    size_t count;
};

/* Finds out which files those are, without opening them. A database in memory has none. */
void mig_file_find_database(const struct mig_session *s,
                            struct mig_file_database *out_database);

/*
 * Reads a whole file into memory of SQLite's allocator, with a NUL behind it; *out_text is the
 * caller's to release with sqlite3_free() on every path. Fails when the file is gone, is a symbolic
 * link or no regular file, cannot be read, is the database, or is longer than MIG_FILE_MAX_BYTES.
 */
void mig_file_read(struct mig_session *s, const struct mig_file_database *database, int dir_fd,
                   const char *path, char **out_text, size_t *out_length);

/* True when the file is one of the database's. */
bool mig_file_is_database(const struct mig_file_database *database, int dir_fd,
                          const char *path);

/* Fails unless this process may execute the file. `dir` is the folder's name, for the hint. */
void mig_file_check_executable(struct mig_session *s, int dir_fd, const char *dir,
                               const char *path);

/* Records the failure `error` (an errno) of a system call: "cannot WHAT PATH: reason". */
void mig_file_fail(struct mig_session *s, const char *what, const char *path, int error);

#endif
