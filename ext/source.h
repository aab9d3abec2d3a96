/*
 * source.h - the migration folder on disk: its operations in order, and what their files hold.
 *
 * The only file that lists directories. The names of all files are read on each call; contents only
 * where they are asked for, one operation at a time.
 */
#ifndef MIG_SOURCE_H
#define MIG_SOURCE_H

#include "arena.h"
#include "compiler.h"
#include "digest.h"
#include "file.h"
#include "name.h"
#include "problem.h"
#include "session.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of a date folder's name. */
#define MIG_SOURCE_DATE_LENGTH 10

struct mig_operation {
    int64_t version;
    const char *path; /* inside the folder: 2025-01-10/0001-TASK-1-x_up.sql; its first ten bytes
                                are the migration date */
    const char *task; /* TASK-1 */
    enum mig_type type;
    uint16_t description_at; /* offset in path */
    uint16_t description_length;
    uint16_t stem_length; /* bytes of path before _up.sql or the extension */
    bool has_down;        /* a _down.sql is there; always true for a program */
    uint8_t dialect;      /* of the up file; MIG_DIALECT_COUNT: for any */
    uint8_t down_dialect; /* the same of the down file */
};

struct mig_source {
    const char *dir;                   /* as it was given; borrowed */
    enum mig_dialect dialect;          /* which files are taken */
    int dir_fd;                        /* owned; -1: none */
    int64_t starts_after;              /* versions up to it may be without files; 0: none */
    struct mig_file_database database; /* what must not be opened */
    struct mig_operation *operations;  /* owned array, in order of version and path */
    size_t count;
    size_t capacity;
    struct mig_arena arena;
};

/* What an operation is made of. */
struct mig_content {
    char *code; /* owned; a NUL stands behind it */
    size_t code_length;
    char *rollback_code; /* owned; NULL: none */
    size_t rollback_length;
    char checksum[MIG_DIGEST_SIZE];
};

/* A source without operations. */
void mig_source_init(struct mig_source *source);

void mig_source_release(struct mig_source *source);

/*
 * Lists the folder `dir` (borrowed until the source is released). A folder that cannot be read fails
 * the session; names that are wrong, duplicates and down files without up become findings. Of two
 * operations with one version both are listed.
 */
void mig_source_list(struct mig_session *s, struct mig_source *source, const char *dir,
                     struct mig_problems *problems);

/* The same for another dialect than that of option dialect. */
void mig_source_list_for(struct mig_session *s, struct mig_source *source, const char *dir,
                         enum mig_dialect dialect, struct mig_problems *problems);

/*
 * Names the files of `folder`, a folder in the migration folder that holds no operations, that end in
 * .sql and are not hidden, in the order of their bytes: *out_names is an array of *out_count paths in the
 * migration folder, all of it the arena's. No such folder: none. Fails when it cannot be read.
 */
void mig_source_other_files(struct mig_session *s, const struct mig_source *source,
                            struct mig_arena *arena, const char *folder,
                            const char ***out_names, size_t *out_count);

/* The operation of that version; NULL when there is none. */
const struct mig_operation *mig_source_find(const struct mig_source *source, int64_t version);

/*
 * Reads the files of an operation; the checksum stays empty. *out_content is to be released with
 * mig_content_release() on every path. Fails as mig_file_read() does.
 */
void mig_source_load(struct mig_session *s, const struct mig_source *source,
                     const struct mig_operation *operation, struct mig_content *out_content);

/*
 * The path of the down file of an operation of SQL, whether it is there or not. Owned by the caller
 * (sqlite3_free); NULL on a failed session.
 */
char *mig_source_down_path(struct mig_session *s, const struct mig_source *source,
                           const struct mig_operation *operation);

/* Sets the checksum of what was loaded. */
void mig_content_digest(struct mig_session *s, struct mig_content *content);

/* Both. */
void mig_source_read(struct mig_session *s, const struct mig_source *source,
                     const struct mig_operation *operation, struct mig_content *out_content);

void mig_content_init(struct mig_content *content);
void mig_content_release(struct mig_content *content);

#endif
