#include "compiler.h"

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static enum mig_outcome outcome_of_errno(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return MIG_MISSING;
    case EACCES:
    case EPERM:
        return MIG_PERMISSION;
    case ENOMEM:
        return MIG_NO_MEMORY;
    case ELOOP:
    case ENAMETOOLONG:
        return MIG_INVALID;
    default:
        return MIG_IO;
    }
}

void mig_file_fail(struct mig_session *s, const char *what, const char *path, int error)
{
    char reason[128];

    if (strerror_r(error, reason, sizeof(reason)) != 0)
        (void)snprintf(reason, sizeof(reason), "error %d", error);
    mig_session_fail(s, outcome_of_errno(error), "cannot %s %s: %s", what, path, reason);
}

void mig_file_find_database(const struct mig_session *s, struct mig_file_database *out_database)
{
    static const char *const endings[MIG_FILE_COMPANIONS] = {"", "-journal", "-wal", "-shm"};
    const char *database = sqlite3_db_filename(s->db, "main");

    memset(out_database, 0, sizeof(*out_database));
    if (database == NULL || database[0] == '\0')
        return;
    for (size_t i = 0; i < MIG_FILE_COMPANIONS; i++) {
        char name[4096];
        struct stat status;
        const int length = snprintf(name, sizeof(name), "%s%s", database, endings[i]);

        if (length < 0 || (size_t)length >= sizeof(name) || stat(name, &status) != 0)
            continue;
        out_database->files[out_database->count].device = (uint64_t)status.st_dev;
        out_database->files[out_database->count].inode = (uint64_t)status.st_ino;
        out_database->count++;
    }
}

static bool is_database(const struct mig_file_database *database, const struct stat *file)
{
    for (size_t i = 0; i < database->count; i++)
        if (database->files[i].device == (uint64_t)file->st_dev &&
            database->files[i].inode == (uint64_t)file->st_ino)
            return true;
    return false;
}

/* A text that is being read. */
struct reading {
    char *text; /* owned; room + 1 bytes */
    size_t length;
    size_t room;
};

static void make_room(struct mig_session *s, struct reading *reading)
{
    char *larger = sqlite3_realloc64(reading->text, 2 * reading->room + 1);

    if (larger == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    reading->text = larger;
    reading->room *= 2;
}

static void fail_length(struct mig_session *s, const char *path)
{
    mig_session_fail(s, MIG_INVALID, "%s is longer than %lld bytes", path,
                     (int64_t)MIG_FILE_MAX_BYTES);
    mig_session_hint(s, "split it into several operations");
}

/* Reads once. Returns false at the end. A file that has `expected` bytes is at its end then: asking
 * once more would only say so. */
static bool read_more(struct mig_session *s, int fd, const char *path, size_t expected,
                      struct reading *reading)
{
    const ssize_t got =
        read(fd, reading->text + reading->length, reading->room - reading->length);

    if (got < 0 && errno != EINTR)
        mig_file_fail(s, "read", path, errno);
    if (got == 0)
        return false;
    if (got > 0)
        reading->length += (size_t)got;
    if (reading->length > MIG_FILE_MAX_BYTES)
        fail_length(s, path);
    else if (reading->length == reading->room)
        make_room(s, reading);
    return reading->length != expected;
}

/* Reads an open file to its end. */
static void read_open_file(struct mig_session *s, int fd, const char *path, size_t expected,
                           struct reading *reading)
{
    reading->room = expected + 1;
    reading->text = sqlite3_malloc64(reading->room + 1);
    if (reading->text == NULL)
        mig_session_fail_memory(s);
    while (mig_session_ok(s) && read_more(s, fd, path, expected, reading)) {
    }
    if (reading->text != NULL)
        reading->text[reading->length] = '\0';
}

/* What forbids to open the file, before it is opened; false when nothing does. */
static bool refuse_file(struct mig_session *s, const struct mig_file_database *database,
                        int dir_fd, const char *path)
{
    struct stat status;

    if (fstatat(dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) != 0)
        mig_file_fail(s, "read", path, errno);
    else if (S_ISLNK(status.st_mode)) {
        mig_session_fail(s, MIG_INVALID, "%s is a symbolic link", path);
        mig_session_hint(s, "put the file itself into the folder");
    } else if (!S_ISREG(status.st_mode)) {
        mig_session_fail(s, MIG_INVALID, "%s is not a regular file", path);
        mig_session_hint(s, "put a regular file there");
    } else if (is_database(database, &status)) {
        mig_session_fail(s, MIG_INVALID, "%s is the database itself", path);
        mig_session_hint(s, "keep the database outside the migration folder");
    } else if (status.st_size > (off_t)MIG_FILE_MAX_BYTES) {
        fail_length(s, path);
    }
    return !mig_session_ok(s);
}

void mig_file_read(struct mig_session *s, const struct mig_file_database *database, int dir_fd,
                   const char *path, char **out_text, size_t *out_length)
{
    struct reading reading = {NULL, 0, 0};
    struct stat status;
    int fd;

    *out_text = NULL;
    *out_length = 0;
    if (!mig_session_ok(s) || refuse_file(s, database, dir_fd, path))
        return;
    fd = openat(dir_fd, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0)
        mig_file_fail(s, "read", path, errno);
    else
        read_open_file(s, fd, path, (size_t)status.st_size, &reading);
    if (fd >= 0)
        (void)close(fd);
    *out_text = reading.text;
    *out_length = reading.length;
}

bool mig_file_is_database(const struct mig_file_database *database, int dir_fd,
                          const char *path)
{
    struct stat status;

    return fstatat(dir_fd, path, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           is_database(database, &status);
}

void mig_file_check_executable(struct mig_session *s, int dir_fd, const char *dir,
                               const char *path)
{
    if (!mig_session_ok(s) || faccessat(dir_fd, path, X_OK, AT_EACCESS) == 0)
        return;
    mig_session_fail(s, MIG_PERMISSION, "%s is not executable", path);
    mig_session_hint(s, "chmod +x %s/%s", dir, path);
}
