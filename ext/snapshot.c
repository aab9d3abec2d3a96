#include "compiler.h"

#include "snapshot.h"

#include "clock.h"
#include "copy.h"
#include "file.h"
#include "options.h"
#include "transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)1024 * 1024)

/* Snapshots of one second that get a number before this is no longer an accident. */
#define TRIES 100

/* What a snapshot is made of until it has its name. */
struct draft {
    struct mig_session *s;
    const char *path; /* the name to come */
    char *folder;     /* owned; where that is */
    char *copy;       /* owned; the hidden name of the copy; NULL: not made */
    char *sum;        /* owned; that of the checksum's file; NULL: not made */
    bool has_published_sum;
};

/* A failure of a system call whose outcome is not that of any other file. */
static void fail_file(struct mig_session *s, enum mig_outcome outcome, const char *what,
                      const char *path, int error)
{
    if (!mig_session_ok(s))
        return;
    mig_file_fail(s, what, path, error);
    mig_session_reclassify(s, outcome);
}

/* The folder of a path, as the caller's to release. */
static char *folder_of(struct mig_session *s, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder;

    if (slash == NULL)
        folder = sqlite3_mprintf(".");
    else if (slash == path)
        folder = sqlite3_mprintf("/");
    else
        folder = sqlite3_mprintf("%.*s", (int)(slash - path), path);
    if (folder == NULL)
        mig_session_fail_memory(s);
    return folder;
}

/* Makes an empty file that only the owner can read; its name, owned by the caller. */
static char *make_hidden(struct draft *draft)
{
    char *name;
    int fd;

    if (!mig_session_ok(draft->s))
        return NULL;
    name = sqlite3_mprintf("%s/.snapshot.XXXXXX", draft->folder);
    if (name == NULL) {
        mig_session_fail_memory(draft->s);
        return NULL;
    }
    fd = mkstemp(name);
    if (fd < 0 || close(fd) != 0) {
        fail_file(draft->s, MIG_CANNOT_OPEN, "write into the folder", draft->folder, errno);
        sqlite3_free(name);
        return NULL;
    }
    return name;
}

/* Removes a file that has got its name, or will never have one, and what SQLite may have left of it. */
static void remove_hidden(char *name)
{
    static const char *const endings[] = {"-journal", "-wal", "-shm"};

    if (name == NULL)
        return;
    (void)unlink(name); /* mostly the others are not there */
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        char *file = sqlite3_mprintf("%s%s", name, endings[i]);

        if (file != NULL)
            (void)unlink(file);
        sqlite3_free(file);
    }
    sqlite3_free(name);
}

static void fail_if_there(struct mig_session *s, const char *path)
{
    struct stat status;

    if (!mig_session_ok(s) || lstat(path, &status) != 0)
        return;
    mig_session_fail(s, MIG_CANNOT_OPEN, "%s is there already", path);
    mig_session_hint(s, "a snapshot never takes the place of another file");
}

/* Adds the blocks of an open file to the digest. */
static void digest_blocks(struct draft *draft, int fd, struct mig_digest *digest,
                          int64_t *out_bytes)
{
    char *block = sqlite3_malloc64(BLOCK_BYTES);
    ssize_t got = 1;

    if (block == NULL)
        mig_session_fail_memory(draft->s);
    while (mig_session_ok(draft->s) && got > 0) {
        got = read(fd, block, BLOCK_BYTES);
        if (got < 0 && errno == EINTR) {
            got = 1;
        } else if (got < 0) {
            fail_file(draft->s, MIG_IO, "read", draft->copy, errno);
        } else {
            mig_digest_add(digest, block, (size_t)got);
            *out_bytes += got;
        }
    }
    sqlite3_free(block);
}

/* Makes the copy durable, and finds out its size; its checksum too, unless nobody asked for it. */
static void measure(struct draft *draft, bool with_checksum, struct mig_snapshot *snapshot)
{
    struct mig_session *s = draft->s;
    struct mig_digest digest;
    struct stat status;
    int fd;

    if (!mig_session_ok(s) || draft->copy == NULL)
        return;
    fd = open(draft->copy, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0 || fstat(fd, &status) != 0)
        fail_file(s, MIG_IO, "write", draft->copy, errno);
    else if (!with_checksum)
        snapshot->bytes = status.st_size;
    if (mig_session_ok(s) && with_checksum) {
        mig_digest_begin(&digest);
        digest_blocks(draft, fd, &digest, &snapshot->bytes);
        if (!mig_digest_end(&digest, snapshot->sha256))
            mig_session_fail_memory(s);
    }
    if (fd >= 0)
        (void)close(fd); /* opened for reading */
}

static void write_all(struct draft *draft, int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0 && mig_session_ok(draft->s)) {
        const ssize_t put = write(fd, text, left);

        if (put < 0 && errno != EINTR)
            fail_file(draft->s, errno == ENOSPC ? MIG_FULL : MIG_IO, "write", draft->sum,
                      errno);
        if (put > 0) {
            text += put;
            left -= (size_t)put;
        }
    }
}

/* Writes the checksum as sha256sum(1) does, durably. */
static void write_sum(struct draft *draft, const struct mig_snapshot *snapshot)
{
    const char *slash = strrchr(draft->path, '/');
    char *text =
        sqlite3_mprintf("%s  %s\n", snapshot->sha256, slash == NULL ? draft->path : slash + 1);

    if (text == NULL)
        mig_session_fail_memory(draft->s);
    draft->sum = make_hidden(draft);
    if (mig_session_ok(draft->s) && draft->sum != NULL && text != NULL) {
        const int fd = open(draft->sum, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
            fail_file(draft->s, MIG_IO, "write", draft->sum, errno);
        else
            write_all(draft, fd, text);
        if (fd >= 0 && (fsync(fd) != 0 || close(fd) != 0))
            fail_file(draft->s, MIG_IO, "write", draft->sum, errno);
    }
    sqlite3_free(text);
}

/* Gives a hidden file the name `path`. */
static void publish(struct mig_session *s, const char *hidden, const char *path)
{
    if (!mig_session_ok(s) || hidden == NULL || path == NULL || link(hidden, path) == 0)
        return;
    if (errno == EEXIST) {
        fail_if_there(s, path);
        return;
    }
    fail_file(s, MIG_CANNOT_OPEN, "create", path, errno);
    mig_session_hint(s, "the folder must be on a file system that has hard links");
}

static void publish_sum(struct draft *draft)
{
    char *path = sqlite3_mprintf("%s.sha256", draft->path);

    if (path == NULL)
        mig_session_fail_memory(draft->s);
    publish(draft->s, draft->sum, path);
    draft->has_published_sum = mig_session_ok(draft->s);
    sqlite3_free(path);
}

/* The checksum of a snapshot that did not come to be. */
static void withdraw_sum(struct draft *draft)
{
    char *path = sqlite3_mprintf("%s.sha256", draft->path);

    if (path != NULL)
        (void)unlink(path); /* alone, it says nothing */
    sqlite3_free(path);
}

static void sync_folder(struct draft *draft)
{
    int fd;

    if (!mig_session_ok(draft->s) || draft->folder == NULL)
        return;
    fd = open(draft->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        fail_file(draft->s, MIG_IO, "write the folder", draft->folder, errno);
    if (fd >= 0)
        (void)close(fd);
}

static void release_draft(struct draft *draft)
{
    if (draft->has_published_sum && !mig_session_ok(draft->s))
        withdraw_sum(draft);
    remove_hidden(draft->copy);
    remove_hidden(draft->sum);
    sqlite3_free(draft->folder);
}

/* Copies, and checks when that is asked for. */
static void make_copy(struct draft *draft, bool is_checked, struct mig_snapshot *snapshot)
{
    struct mig_session *s = draft->s;
    struct mig_copy copy;

    if (!mig_session_ok(s))
        return;
    draft->folder = folder_of(s, draft->path);
    draft->copy = make_hidden(draft);
    if (!mig_session_ok(s))
        return;
    mig_copy_make(s, draft->copy, &copy);
    if (is_checked)
        mig_copy_check(s, draft->copy, &copy);
    snapshot->violations = copy.violations;
}

void mig_snapshot_take(struct mig_session *s, const char *path, bool is_checked,
                       struct mig_snapshot *out_snapshot)
{
    const int64_t start = mig_clock_milliseconds();
    struct draft draft = {.s = s, .path = path};

    memset(out_snapshot, 0, sizeof(*out_snapshot));
    fail_if_there(s, path);
    make_copy(&draft, is_checked, out_snapshot);
    measure(&draft, is_checked, out_snapshot);
    if (mig_session_ok(s) && is_checked) {
        write_sum(&draft, out_snapshot);
        publish_sum(&draft);
    }
    publish(s, draft.copy, path);
    sync_folder(&draft);
    mig_session_context(s, "cannot take the snapshot");
    release_draft(&draft);
    out_snapshot->milliseconds = mig_clock_milliseconds() - start;
}

/* The name of the database's file without its folder and ending, with - for what would not be safe in a
 * name, or mean something there. Owned by the caller. */
static char *label_of(struct mig_session *s)
{
    const char *file = sqlite3_db_filename(s->db, "main");
    const char *slash = file == NULL ? NULL : strrchr(file, '/');
    const char *name = slash == NULL ? "memory" : slash + 1;
    const char *dot = strrchr(name, '.');
    const int length = (int)(dot == NULL || dot == name ? strlen(name) : (size_t)(dot - name));
    char *label = sqlite3_mprintf("%.*s", length > 100 ? 100 : length, name);

    if (label == NULL)
        mig_session_fail_memory(s);
    for (char *at = label; at != NULL && *at != '\0'; at++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", *at) ==
            NULL)
            *at = '-';
    return label;
}

/* A path that is free now, with the time of now in it. Owned by the caller. */
static char *free_path(struct mig_session *s, const char *folder, const char *label)
{
    char now[MIG_CLOCK_SIZE];
    char stamp[MIG_CLOCK_SIZE]; /* the time without its signs: 20261121T101500 */
    size_t length = 0;
    struct stat status;
    char *path = NULL;

    mig_clock_now(now);
    for (const char *at = now; *at != '.'; at++)
        if (*at != '-' && *at != ':')
            stamp[length++] = *at;
    stamp[length] = '\0';
    for (int i = 1; i <= TRIES && mig_session_ok(s); i++) {
        char number[8] = "";

        if (i > 1)
            (void)snprintf(number, sizeof(number), "-%d", i);
        sqlite3_free(path);
        path = sqlite3_mprintf("%s/%s_%sZ_before-apply%s.sqlite", folder, label, stamp, number);
        if (path == NULL)
            mig_session_fail_memory(s);
        else if (lstat(path, &status) != 0)
            return path;
    }
    return path;
}

char *mig_snapshot_before_run(struct mig_session *s)
{
    const char *folder = mig_options_text(s, s->options, MIG_OPTION_SNAPSHOT_DIR);
    struct mig_snapshot snapshot;
    char *label;
    char *path;

    if (mig_transaction_objects(s, "main") == 0 || !mig_session_ok(s))
        return NULL;
    if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST) {
        fail_file(s, MIG_CANNOT_OPEN, "create the folder", folder, errno);
        return NULL;
    }
    label = label_of(s);
    path = label == NULL ? NULL : free_path(s, folder, label);
    if (path != NULL)
        mig_snapshot_take(s, path, true, &snapshot);
    sqlite3_free(label);
    if (mig_session_ok(s))
        return path;
    sqlite3_free(path);
    return NULL;
}
