#include "compiler.h"

#include "source.h"

#include "arrange.h"
#include "name.h"
#include "options.h"
#include "start.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define RIGHT_SHAPE "name it like 2025-01-10/0001-TASK-123-create-users-table_up.sql"

struct listing {
    struct mig_session *s;
    struct mig_source *source;
    struct mig_problems *problems;
    struct mig_down_file *downs;
    size_t down_count;
    size_t down_capacity;
    struct mig_arena down_arena;
    const char *last_task;
};

void mig_source_init(struct mig_source *source)
{
    memset(source, 0, sizeof(*source));
    source->dir_fd = -1;
}

void mig_source_release(struct mig_source *source)
{
    if (source->dir_fd >= 0)
        (void)close(source->dir_fd); /* opened for reading: nothing can be lost */
    sqlite3_free(source->operations);
    mig_arena_release(&source->arena);
    mig_source_init(source);
}

void mig_content_init(struct mig_content *content)
{
    memset(content, 0, sizeof(*content));
}

void mig_content_release(struct mig_content *content)
{
    sqlite3_free(content->code);
    sqlite3_free(content->rollback_code);
    mig_content_init(content);
}

static void add_finding(struct listing *l, enum mig_problem_kind kind, int64_t version,
                        const char *place, const char *hint, const char *message)
{
    const struct mig_problem problem = {kind, MIG_SEVERITY_ERROR, version, place, NULL, hint};

    mig_problems_add(l->s, l->problems, &problem, "%s", message);
}

/* A finding about the name `file` in `folder` ("" for the top). */
static void add_bad_name(struct listing *l, const char *folder, const char *file,
                         const char *message, const char *hint)
{
    char shown[2 * MIG_NAME_MAX];
    char *text;
    char *place;

    mig_name_printable(file, strlen(file), shown, sizeof(shown));
    place = sqlite3_mprintf("%s%s%s", folder, folder[0] == '\0' ? "" : "/", shown);
    text = sqlite3_mprintf("bad name %s: %s", place, message);
    if (place == NULL || text == NULL)
        mig_session_fail_memory(l->s);
    else
        add_finding(l, MIG_PROBLEM_BAD_NAME, 0, place, hint, text);
    sqlite3_free(text);
    sqlite3_free(place);
}

static void add_defect(struct listing *l, const char *folder, const char *file,
                       enum mig_name_defect defect, const char *word, size_t word_length)
{
    char shown[MIG_NAME_MAX];
    char *message;

    mig_name_printable(word, word_length, shown, sizeof(shown));
    if (mig_name_defect_has_word(defect))
        message = sqlite3_mprintf(mig_name_defect_message(defect), shown);
    else
        message = sqlite3_mprintf("%s", mig_name_defect_message(defect));
    if (message == NULL)
        mig_session_fail_memory(l->s);
    else
        add_bad_name(l, folder, file, message, RIGHT_SHAPE);
    sqlite3_free(message);
}

static void add_operation(struct listing *l, const struct mig_name *name, const char *path)
{
    struct mig_source *source = l->source;
    void *list = source->operations;
    struct mig_operation *operation =
        mig_array_add(l->s, &list, source->count, &source->capacity, sizeof(*operation));
    const size_t before = MIG_SOURCE_DATE_LENGTH + 1;

    source->operations = list;
    if (operation == NULL || path == NULL)
        return;
    /* Neighbours mostly share their task, so its text is kept once for a run of them. */
    if (l->last_task == NULL || strlen(l->last_task) != name->task_length ||
        memcmp(l->last_task, name->task, name->task_length) != 0)
        l->last_task = mig_arena_copy(l->s, &source->arena, name->task, name->task_length);
    operation->version = name->version;
    operation->path = path;
    operation->task = l->last_task;
    operation->stem_length = (uint16_t)(before + name->stem_length);
    operation->description_length = (uint16_t)name->description_length;
    operation->description_at =
        (uint16_t)(operation->stem_length - operation->description_length);
    operation->type = name->part == MIG_NAME_PROGRAM ? MIG_TYPE_PROGRAM : MIG_TYPE_SQL;
    operation->has_down = name->part == MIG_NAME_PROGRAM;
    operation->dialect = (uint8_t)name->dialect;
    operation->down_dialect = MIG_DIALECT_COUNT;
    if (mig_session_ok(l->s))
        source->count++;
}

static void add_down(struct listing *l, const struct mig_name *name, const char *path)
{
    void *list = l->downs;
    struct mig_down_file *down =
        mig_array_add(l->s, &list, l->down_count, &l->down_capacity, sizeof(*down));

    l->downs = list;
    if (down == NULL || path == NULL)
        return;
    down->version = name->version;
    down->path = path;
    down->stem_length = MIG_SOURCE_DATE_LENGTH + 1 + name->stem_length;
    down->dialect = name->dialect;
    l->down_count++;
}

static char *join_path(struct mig_session *s, struct mig_arena *arena, const char *folder,
                       const char *file)
{
    const size_t length = strlen(file);
    char *path = mig_arena_alloc(s, arena, MIG_SOURCE_DATE_LENGTH + 1 + length + 1);

    if (path == NULL)
        return NULL;
    memcpy(path, folder, MIG_SOURCE_DATE_LENGTH);
    path[MIG_SOURCE_DATE_LENGTH] = '/';
    memcpy(path + MIG_SOURCE_DATE_LENGTH + 1, file, length + 1);
    return path;
}

static void add_file(struct listing *l, int folder_fd, const char *folder, const char *file)
{
    struct mig_name name;
    size_t at = 0;
    size_t length = 0;
    const enum mig_name_defect defect = mig_name_parse(file, &name, &at, &length);

    if (defect == MIG_NAME_SOUND && name.part == MIG_NAME_DOWN)
        add_down(l, &name, join_path(l->s, &l->down_arena, folder, file));
    else if (defect == MIG_NAME_SOUND)
        add_operation(l, &name, join_path(l->s, &l->source->arena, folder, file));
    else if (mig_file_is_database(&l->source->database, folder_fd, file))
        add_bad_name(l, folder, file, "it is the database itself",
                     "keep the database outside the migration folder");
    else
        add_defect(l, folder, file, defect, file + at, length);
}

/* Lists one date folder. */
static void list_folder(struct listing *l, const char *folder)
{
    const int fd = openat(l->source->dir_fd, folder,
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (stream == NULL) {
        const int error = errno;

        if (fd >= 0)
            (void)close(fd);
        if (error == ELOOP || error == ENOTDIR)
            add_bad_name(l, "", folder, "a date folder is a directory, not a file or a link",
                         "put the directory itself there");
        else
            mig_file_fail(l->s, "read the folder", folder, error);
        return;
    }
    errno = 0;
    while (mig_session_ok(l->s) && (entry = readdir(stream)) != NULL) {
        if (!mig_name_is_ignored(entry->d_name))
            add_file(l, fd, folder, entry->d_name);
        errno = 0;
    }
    if (mig_session_ok(l->s) && errno != 0)
        mig_file_fail(l->s, "read the folder", folder, errno);
    (void)closedir(stream);
}

/* True for what would be an operation, or a date folder, if it were named right and in its place. */
static bool is_meant(const char *file)
{
    const size_t length = strlen(file);

    return (file[0] >= '0' && file[0] <= '9') ||
           (length > 4 && sqlite3_stricmp(file + length - 4, ".sql") == 0);
}

static void list_top(struct listing *l, const char *file)
{
    struct stat status;

    if (mig_name_is_ignored(file))
        return;
    if (mig_name_is_date(file)) {
        list_folder(l, file);
    } else if (is_meant(file)) {
        if (fstatat(l->source->dir_fd, file, &status, 0) == 0 && S_ISDIR(status.st_mode))
            add_bad_name(l, "", file, "it is not a real date of the form YYYY-MM-DD",
                         "name the folder like 2025-01-10");
        else
            add_bad_name(l, "", file, "an operation belongs into a date folder", RIGHT_SHAPE);
    }
}

/* Opens the folder; the stream reads it, source->dir_fd stays for its files. */
static DIR *open_top(struct mig_session *s, struct mig_source *source)
{
    const int fd = open(source->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
    DIR *stream = NULL;

    if (fd >= 0) {
        source->dir_fd = fd;
        const int second = fcntl(fd, F_DUPFD_CLOEXEC, 0);

        stream = second < 0 ? NULL : fdopendir(second);
        if (stream == NULL && second >= 0)
            (void)close(second);
    }
    if (stream == NULL) {
        mig_file_fail(s, "read the migration folder", source->dir, errno);
        mig_session_hint(
            s, "%s",
            s->outcome == MIG_MISSING
                ? "create it, name it in the call, or set option dir; it is looked for "
                  "from the working directory"
                : "check the folder and its permissions");
    }
    return stream;
}

static void list_all(struct listing *l)
{
    struct mig_source *source = l->source;
    DIR *stream = open_top(l->s, source);
    const struct dirent *entry;

    if (stream == NULL)
        return;
    while (mig_session_ok(l->s) && (entry = readdir(stream)) != NULL)
        list_top(l, entry->d_name);
    (void)closedir(stream);
    source->starts_after = mig_start_read(l->s, &source->database, source->dir_fd, source->dir);
    if (!mig_session_ok(l->s))
        return;
    mig_arrange(l->s, source, l->downs, l->down_count, l->problems);
    mig_problems_sort(l->problems);
}

void mig_source_list(struct mig_session *s, struct mig_source *source, const char *dir,
                     struct mig_problems *problems)
{
    mig_source_list_for(s, source, dir,
                        (enum mig_dialect)mig_options_choice(s, MIG_OPTION_DIALECT), problems);
}

void mig_source_list_for(struct mig_session *s, struct mig_source *source, const char *dir,
                         enum mig_dialect dialect, struct mig_problems *problems)
{
    struct listing listing = {.s = s, .source = source, .problems = problems};

    if (!mig_session_ok(s))
        return;
    if (dir[0] == '\0') {
        mig_session_fail(s, MIG_MISSING, "the name of the migration folder is empty");
        mig_session_hint(s, "leave it out, or pass NULL, to take that of option dir");
        return;
    }
    source->dir = dir;
    source->dialect = dialect;
    mig_file_find_database(s, &source->database);
    list_all(&listing);
    sqlite3_free(listing.downs);
    mig_arena_release(&listing.down_arena);
}

/* True for a name that ends in .sql and is not hidden. */
static bool is_sql(const char *file)
{
    const size_t length = strlen(file);

    return file[0] != '.' && length > 4 && strcmp(file + length - 4, ".sql") == 0;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Paths that are being collected, in an array of the heap. */
struct path_list {
    void *paths;
    size_t count;
    size_t capacity;
};

/* Adds FOLDER/FILE. */
static void add_path(struct mig_session *s, struct mig_arena *arena, struct path_list *list,
                     const char *folder, const char *file)
{
    const char **place =
        mig_array_add(s, &list->paths, list->count, &list->capacity, sizeof(*place));
    char *path = place == NULL ? NULL : sqlite3_mprintf("%s/%s", folder, file);

    if (place == NULL)
        return;
    if (path == NULL)
        mig_session_fail_memory(s);
    *place = mig_arena_text(s, arena, path);
    sqlite3_free(path);
    list->count += mig_session_ok(s) ? 1 : 0;
}

/* The stream of a folder in the migration folder; NULL where there is none, or it cannot be read. */
static DIR *open_folder(struct mig_session *s, const struct mig_source *source,
                        const char *folder)
{
    const int fd = openat(source->dir_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);

    if (stream == NULL && errno != ENOENT && errno != ENOTDIR)
        mig_file_fail(s, "read the folder", folder, errno);
    if (stream == NULL && fd >= 0)
        (void)close(fd);
    return stream;
}

void mig_source_other_files(struct mig_session *s, const struct mig_source *source,
                            struct mig_arena *arena, const char *folder,
                            const char ***out_names, size_t *out_count)
{
    DIR *stream = mig_session_ok(s) ? open_folder(s, source, folder) : NULL;
    const struct dirent *entry;
    struct path_list list = {NULL, 0, 0};

    *out_names = NULL;
    *out_count = 0;
    while (stream != NULL && mig_session_ok(s) && (entry = readdir(stream)) != NULL)
        if (is_sql(entry->d_name))
            add_path(s, arena, &list, folder, entry->d_name);
    if (stream != NULL)
        (void)closedir(stream);
    if (list.count > 0)
        qsort(list.paths, list.count, sizeof(const char *), compare_paths);
    *out_names = mig_arena_alloc(s, arena, (list.count + 1) * sizeof(**out_names));
    if (*out_names != NULL && list.count > 0) {
        memcpy(*out_names, list.paths, list.count * sizeof(**out_names));
        *out_count = list.count;
    }
    sqlite3_free(list.paths);
}

const struct mig_operation *mig_source_find(const struct mig_source *source, int64_t version)
{
    /* Without gaps and duplicates, version n is the n-th. */
    const size_t likely = version > 0 ? (size_t)version - 1 : 0;
    size_t low = 0;
    size_t high = source->count;

    if (likely < high && source->operations[likely].version == version &&
        (likely == 0 || source->operations[likely - 1].version != version))
        return &source->operations[likely];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (source->operations[middle].version < version)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < source->count && source->operations[low].version == version)
        return &source->operations[low];
    return NULL;
}

char *mig_source_down_path(struct mig_session *s, const struct mig_source *source,
                           const struct mig_operation *operation)
{
    const bool is_plain = operation->down_dialect == MIG_DIALECT_COUNT;
    char *path;

    if (!mig_session_ok(s))
        return NULL;
    path =
        sqlite3_mprintf("%.*s_down%s%s.sql", (int)operation->stem_length, operation->path,
                        is_plain ? "" : ".", is_plain ? "" : mig_dialect_name(source->dialect));
    if (path == NULL)
        mig_session_fail_memory(s);
    return path;
}

void mig_source_load(struct mig_session *s, const struct mig_source *source,
                     const struct mig_operation *operation, struct mig_content *out_content)
{
    mig_content_init(out_content);
    mig_file_read(s, &source->database, source->dir_fd, operation->path, &out_content->code,
                  &out_content->code_length);
    if (operation->type == MIG_TYPE_SQL && operation->has_down) {
        char *path = mig_source_down_path(s, source, operation);

        if (path != NULL)
            mig_file_read(s, &source->database, source->dir_fd, path,
                          &out_content->rollback_code, &out_content->rollback_length);
        sqlite3_free(path);
    }
}

void mig_content_digest(struct mig_session *s, struct mig_content *content)
{
    if (mig_session_ok(s) &&
        !mig_digest_operation(content->code, content->code_length, content->rollback_code,
                              content->rollback_length, content->checksum))
        mig_session_fail_memory(s);
}

void mig_source_read(struct mig_session *s, const struct mig_source *source,
                     const struct mig_operation *operation, struct mig_content *out_content)
{
    mig_source_load(s, source, operation, out_content);
    mig_content_digest(s, out_content);
}
