#include "compiler.h"

#include "arrange.h"

#include <stdlib.h>

struct arranging {
    struct mig_session *s;
    struct mig_source *source;
    const struct mig_down_file *downs;
    size_t down_count;
    struct mig_problems *problems;
};

static void add_finding(struct arranging *a, enum mig_problem_kind kind, int64_t version,
                        const char *place, const char *hint, const char *message)
{
    const struct mig_problem problem = {kind, MIG_SEVERITY_ERROR, version, place, NULL, hint};

    mig_problems_add(a->s, a->problems, &problem, "%s", message);
}

static int compare_operations(const void *left, const void *right)
{
    const struct mig_operation *one = left;
    const struct mig_operation *other = right;

    if (one->version != other->version)
        return one->version < other->version ? -1 : 1;
    return strcmp(one->path, other->path);
}

/*
 * Puts each operation into the place that its version says, which sorts them where versions 1 to n are
 * there once each. False when they are not; all operations are there still, in some order.
 */
static bool sort_by_place(struct mig_source *source)
{
    struct mig_operation *list = source->operations;
    size_t i = 0;

    while (i < source->count) {
        const struct mig_operation moved = list[i];
        const size_t place = (size_t)moved.version - 1;

        if (moved.version < 1 || place >= source->count ||
            (place != i && list[place].version == moved.version))
            return false;
        if (place == i) {
            i++;
        } else {
            list[i] = list[place];
            list[place] = moved;
        }
    }
    return true;
}

static void sort_operations(struct mig_source *source)
{
    if (source->count > 0 && !sort_by_place(source))
        qsort(source->operations, source->count, sizeof(source->operations[0]),
              compare_operations);
}

static void add_orphan(struct arranging *a, const struct mig_down_file *down)
{
    char *message = sqlite3_mprintf("%s has no up file", down->path);

    if (message == NULL)
        mig_session_fail_memory(a->s);
    else
        add_finding(a, MIG_PROBLEM_ORPHAN_DOWN, down->version, down->path,
                    "give both files the same folder, version, task and description", message);
    sqlite3_free(message);
}

static bool is_pair(const struct mig_operation *operation, const struct mig_down_file *down)
{
    return operation->type == MIG_TYPE_SQL && operation->stem_length == down->stem_length &&
           memcmp(operation->path, down->path, down->stem_length) == 0;
}

/* The down file for the dialect wins over the plain one; those for others are passed over. */
static void take_down(struct mig_operation *operation, const struct mig_down_file *down,
                      enum mig_dialect dialect)
{
    if (down->dialect != dialect && down->dialect != MIG_DIALECT_COUNT)
        return;
    if (operation->has_down && down->dialect == MIG_DIALECT_COUNT)
        return;
    operation->has_down = true;
    operation->down_dialect = (uint8_t)down->dialect;
}

/* Gives each down file to its operation. The operations are sorted. */
static void match_downs(struct arranging *a)
{
    struct mig_source *source = a->source;

    for (size_t i = 0; i < a->down_count; i++) {
        const struct mig_down_file *down = &a->downs[i];
        const struct mig_operation *first = mig_source_find(source, down->version);
        bool found = false;

        for (size_t j = first == NULL ? source->count : (size_t)(first - source->operations);
             j < source->count && source->operations[j].version == down->version && !found;
             j++) {
            found = is_pair(&source->operations[j], down);
            if (found)
                take_down(&source->operations[j], down, source->dialect);
        }
        /* Pruning removes the up file first; it may have been stopped behind it. */
        if (!found && down->version > source->starts_after)
            add_orphan(a, down);
    }
}

static bool is_same_operation(const struct mig_operation *one,
                              const struct mig_operation *other)
{
    return one->version == other->version && one->type == other->type &&
           one->stem_length == other->stem_length &&
           memcmp(one->path, other->path, one->stem_length) == 0;
}

/* How well a file suits: for the dialect, for any, for another. */
static int rank(const struct mig_operation *operation, enum mig_dialect dialect)
{
    if (operation->dialect == (uint8_t)dialect)
        return 2;
    return operation->dialect == MIG_DIALECT_COUNT ? 1 : 0;
}

static void add_foreign(struct arranging *a, const struct mig_operation *operation)
{
    const char *dialect = mig_dialect_name(a->source->dialect);
    char *message =
        sqlite3_mprintf("operation %lld has no file for %s: %s is for another kind of database",
                        operation->version, dialect, operation->path);
    char *hint = sqlite3_mprintf("write %.*s_up.%s.sql, or a plain _up.sql for all others",
                                 (int)operation->stem_length, operation->path, dialect);

    if (message == NULL || hint == NULL)
        mig_session_fail_memory(a->s);
    else
        add_finding(a, MIG_PROBLEM_MISSING, operation->version, operation->path, hint, message);
    sqlite3_free(hint);
    sqlite3_free(message);
}

/* Leaves one file of each operation. The operations are sorted. */
static void choose_files(struct arranging *a)
{
    struct mig_source *source = a->source;
    struct mig_operation *list = source->operations;
    size_t kept = 0;

    for (size_t i = 0; i < source->count; i++) {
        if (kept == 0 || !is_same_operation(&list[kept - 1], &list[i]))
            list[kept++] = list[i];
        else if (rank(&list[i], source->dialect) > rank(&list[kept - 1], source->dialect))
            list[kept - 1] = list[i];
    }
    source->count = kept;
    for (size_t i = 0; i < kept && mig_session_ok(a->s); i++)
        if (rank(&list[i], source->dialect) == 0)
            add_foreign(a, &list[i]);
}

static void find_duplicates(struct arranging *a)
{
    const struct mig_source *source = a->source;

    for (size_t i = 1; i < source->count; i++) {
        const struct mig_operation *first = &source->operations[i - 1];
        const struct mig_operation *second = &source->operations[i];
        char *message;

        if (first->version != second->version)
            continue;
        message = sqlite3_mprintf("version %lld is used twice: %s and %s", first->version,
                                  first->path, second->path);
        if (message == NULL)
            mig_session_fail_memory(a->s);
        else
            add_finding(a, MIG_PROBLEM_DUPLICATE, second->version, second->path,
                        "give one of them the next free version", message);
        sqlite3_free(message);
    }
}

void mig_arrange(struct mig_session *s, struct mig_source *source,
                 const struct mig_down_file *downs, size_t down_count,
                 struct mig_problems *problems)
{
    struct arranging arranging = {s, source, downs, down_count, problems};

    sort_operations(source);
    choose_files(&arranging);
    match_downs(&arranging);
    find_duplicates(&arranging);
}
