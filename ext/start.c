#include "compiler.h"

#include "start.h"

#include "name.h"

#include <fcntl.h>
#include <sys/stat.h>

#define START_FILE ".starts-after"

int64_t mig_start_read(struct mig_session *s, const struct mig_file_database *database,
                       int dir_fd, const char *dir)
{
    struct stat status;
    char *text = NULL;
    size_t length = 0;
    int64_t version = 0;

    if (!mig_session_ok(s) || fstatat(dir_fd, START_FILE, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return 0;
    mig_file_read(s, database, dir_fd, START_FILE, &text, &length);
    if (mig_session_ok(s)) {
        text[strcspn(text, "\r\n")] = '\0';
        if (!mig_name_version(text, &version) || version == 0) {
            version = 0;
            mig_session_fail(s, MIG_INVALID, "%s does not begin with a version", START_FILE);
            mig_session_hint(s,
                             "the first line of %s/%s is the last version that was pruned, "
                             "e.g. 12",
                             dir, START_FILE);
        }
    }
    sqlite3_free(text);
    return version;
}
