#include "compiler.h"

#include "verify.h"

#include "compile_check.h"
#include "options.h"
#include "plan.h"
#include "schema.h"
#include "vet.h"

/* Room for a hint that names a version. */
#define HINT_BYTES 160

static struct mig_problem finding(enum mig_problem_kind kind, enum mig_severity severity,
                                  int64_t version, const char *place, const char *hint)
{
    const struct mig_problem problem = {kind, severity, version, place, NULL, hint};

    return problem;
}

/* True when somebody who reads the hint has the command line at hand, and no connection to this database. */
static bool is_for_server(struct mig_session *s)
{
    return mig_options_choice(s, MIG_OPTION_DIALECT) != MIG_DIALECT_SQLITE;
}

static void add_unsettled(struct mig_session *s, const struct mig_row *row,
                          struct mig_problems *problems)
{
    char hint[HINT_BYTES];
    struct mig_problem problem;

    if (row->state != MIG_STATE_FAILED && row->state != MIG_STATE_RUNNING)
        return;
    if (is_for_server(s))
        (void)snprintf(
            hint, sizeof(hint),
            "look at what it has done, then: sqlite-migrate repair %lld completed, or rollback",
            (long long)row->version);
    else
        (void)snprintf(
            hint, sizeof(hint),
            "look at what it has done, then SELECT migrate_repair(%lld, 'completed') or "
            "migrate_repair(%lld, 'rollback')",
            (long long)row->version, (long long)row->version);
    if (row->state == MIG_STATE_FAILED) {
        problem =
            finding(MIG_PROBLEM_FAILED, MIG_SEVERITY_ERROR, row->version, row->path, hint);
        mig_problems_add(
            s, problems, &problem,
            "operation %lld (%s) failed outside a transaction and may be half done",
            row->version, row->path);
    } else {
        problem =
            finding(MIG_PROBLEM_INTERRUPTED, MIG_SEVERITY_ERROR, row->version, row->path, hint);
        mig_problems_add(s, problems, &problem,
                         "operation %lld (%s) is running elsewhere, or a run died in it",
                         row->version, row->path);
    }
}

void mig_verify_rows(struct mig_session *s, const struct mig_rows *rows,
                     struct mig_problems *problems)
{
    for (size_t i = 0; i < rows->count && mig_session_ok(s); i++)
        add_unsettled(s, &rows->list[i], problems);
}

static bool is_applied(const struct mig_verify_scope *scope, const struct mig_row *row)
{
    return row->state == MIG_STATE_COMPLETED && row->version <= scope->floor;
}

/* The date folder of the newest applied operation, "" when there is none. */
static const char *find_newest_folder(const struct mig_verify_scope *scope)
{
    const char *newest = "";

    for (size_t i = 0; i < scope->rows->count; i++) {
        const struct mig_row *row = &scope->rows->list[i];

        if (is_applied(scope, row) && strncmp(row->path, newest, MIG_SOURCE_DATE_LENGTH) > 0)
            newest = row->path;
    }
    return newest;
}

/* A text that may be missing. */
struct text {
    const char *bytes;
    size_t length;
};

/* Moves *at over a carriage return that a line feed follows. */
static void skip_return(const struct text *text, size_t *at)
{
    if (*at + 1 < text->length && text->bytes[*at] == '\r' && text->bytes[*at + 1] == '\n')
        (*at)++;
}

/* True when two texts are the same but for carriage returns before line feeds. */
static bool same_lines(const struct text *a, const struct text *b)
{
    size_t i = 0;
    size_t j = 0;

    if (a->bytes == NULL || b->bytes == NULL)
        return a->bytes == b->bytes;
    for (;;) {
        skip_return(a, &i);
        skip_return(b, &j);
        if (i == a->length || j == b->length)
            return i == a->length && j == b->length;
        if (a->bytes[i++] != b->bytes[j++])
            return false;
    }
}

static bool differs_in_line_ends(const struct mig_record *stored,
                                 const struct mig_content *content)
{
    const struct text code = {stored->code, stored->code_length};
    const struct text rollback_code = {stored->rollback_code, stored->rollback_length};
    const struct text new_code = {content->code, content->code_length};
    const struct text new_rollback_code = {content->rollback_code, content->rollback_length};

    return same_lines(&code, &new_code) && same_lines(&rollback_code, &new_rollback_code);
}

static void add_changed(struct mig_session *s, const struct mig_row *row, const char *recorded,
                        const struct mig_operation *operation,
                        const struct mig_content *content, struct mig_problems *problems)
{
    char hint[HINT_BYTES];
    struct mig_arena arena;
    struct mig_record stored;
    struct mig_problem problem;

    if (is_for_server(s))
        (void)snprintf(hint, sizeof(hint),
                       "restore the file and write a new operation; or, where the change is "
                       "meant: sqlite-migrate repair %lld accept",
                       (long long)row->version);
    else
        (void)snprintf(hint, sizeof(hint),
                       "restore the file and write a new operation; or, where the change is "
                       "meant, SELECT migrate_repair(%lld, 'accept')",
                       (long long)row->version);
    mig_arena_init(&arena);
    mig_tracking_record(s, &arena, row->version, true, &stored);
    if (mig_session_ok(s) && differs_in_line_ends(&stored, content)) {
        problem =
            finding(MIG_PROBLEM_CHANGED, MIG_SEVERITY_WARN, row->version, operation->path,
                    "keep the line ends of migration files (.gitattributes: *.sql -text)");
        mig_problems_add(s, problems, &problem,
                         "%s has other line ends than when it was applied", operation->path);
    } else {
        problem = finding(MIG_PROBLEM_CHANGED, MIG_SEVERITY_ERROR, row->version,
                          operation->path, hint);
        mig_problems_add(
            s, problems, &problem,
            "%s was changed after it was applied: its checksum is %s, applied was %s",
            operation->path, content->checksum, recorded);
    }
    mig_arena_release(&arena);
}

/* True when the database stores the same bytes, which says more than equal checksums and needs none. */
static bool is_stored(struct mig_session *s, const struct mig_verify_scope *scope,
                      const struct mig_row *row, const struct mig_content *content)
{
    const struct mig_record record = {.version = row->version,
                                      .code = content->code,
                                      .code_length = content->code_length,
                                      .rollback_code = content->rollback_code,
                                      .rollback_length = content->rollback_length};

    return mig_tracking_has_code(s, scope->tracking, &record);
}

static void check_content(struct mig_session *s, const struct mig_verify_scope *scope,
                          const struct mig_row *row, const struct mig_operation *operation,
                          struct mig_problems *problems)
{
    struct mig_content content;
    char recorded[MIG_DIGEST_SIZE];

    mig_source_load(s, scope->source, operation, &content);
    if (!scope->thorough && is_stored(s, scope, row, &content)) {
        mig_content_release(&content);
        return;
    }
    mig_content_digest(s, &content);
    mig_tracking_checksum(s, scope->tracking, row->version, recorded);
    if (mig_session_ok(s) && strcmp(content.checksum, recorded) != 0)
        add_changed(s, row, recorded, operation, &content, problems);
    mig_content_release(&content);
}

static void check_row(struct mig_session *s, const struct mig_verify_scope *scope,
                      const struct mig_row *row, const char *newest_folder,
                      struct mig_problems *problems)
{
    const struct mig_operation *operation = mig_source_find(scope->source, row->version);
    struct mig_problem problem;

    if (operation == NULL && row->version <= scope->source->starts_after)
        return;
    if (operation == NULL) {
        char hint[HINT_BYTES];

        (void)snprintf(hint, sizeof(hint),
                       "restore the file; the database holds its code: SELECT code FROM "
                       "migrations_applied WHERE version = %lld",
                       (long long)row->version);
        problem =
            finding(MIG_PROBLEM_MISSING, MIG_SEVERITY_ERROR, row->version, row->path, hint);
        mig_problems_add(s, problems, &problem,
                         "operation %lld is applied, but %s is not there", row->version,
                         row->path);
        return;
    }
    if (strcmp(operation->path, row->path) != 0) {
        problem = finding(MIG_PROBLEM_RENAMED, MIG_SEVERITY_WARN, row->version, operation->path,
                          "give it its old name back");
        mig_problems_add(s, problems, &problem,
                         "operation %lld was applied as %s and is now %s", row->version,
                         row->path, operation->path);
    }
    if (scope->thorough || strncmp(operation->path, newest_folder, MIG_SOURCE_DATE_LENGTH) >= 0)
        check_content(s, scope, row, operation, problems);
}

/* Moves *expected over the versions below `end` that are applied: where a file of theirs is gone, that
 * is another finding. *row is where in the rows the search goes on. */
static void pass_applied(const struct mig_verify_scope *scope, int64_t end, size_t *row,
                         int64_t *expected)
{
    for (; *row < scope->rows->count && scope->rows->list[*row].version < end; (*row)++)
        if (scope->rows->list[*row].version == *expected &&
            is_applied(scope, &scope->rows->list[*row]))
            (*expected)++;
}

static void add_gap(struct mig_session *s, int64_t first, const struct mig_operation *operation,
                    struct mig_problems *problems)
{
    const enum mig_severity severity =
        (enum mig_severity)mig_options_choice(s, MIG_OPTION_GAPS);
    const struct mig_problem problem =
        finding(MIG_PROBLEM_GAP, severity, first, operation->path,
                "add the missing file or renumber; where gaps are meant, set option gaps");

    if (operation->version - 1 == first)
        mig_problems_add(s, problems, &problem, "version %lld is missing before %s", first,
                         operation->path);
    else
        mig_problems_add(s, problems, &problem, "versions %lld to %lld are missing before %s",
                         first, operation->version - 1, operation->path);
}

/* The folder starts behind a version that has no file, and is not applied or will be rolled back. */
static void add_start(struct mig_session *s, const struct mig_verify_scope *scope,
                      struct mig_problems *problems)
{
    const int64_t start = scope->source->starts_after;
    const bool is_left = !mig_plan_is_pending(scope->rows, start, INT64_MAX);
    const struct mig_problem problem =
        finding(MIG_PROBLEM_STARTS_LATER, MIG_SEVERITY_ERROR, start, "",
                is_left ? "migrate_rollback() takes back without applying again"
                        : "load the schema dump into an empty database (schema-restore.sh), or "
                          "bring the pruned files back");

    mig_problems_add(s, problems, &problem,
                     is_left ? "the folder starts after version %lld: what is rolled back up "
                               "to it cannot be applied again"
                             : "the folder starts after version %lld, which is not applied",
                     start);
}

static void check_gaps(struct mig_session *s, const struct mig_verify_scope *scope,
                       struct mig_problems *problems)
{
    const int64_t start = scope->source->starts_after;
    const bool is_started = start > 0 && !mig_plan_is_pending(scope->rows, start, scope->floor);
    int64_t expected = is_started ? start + 1 : 1;
    size_t row = 0;

    if (start > 0 && !is_started && mig_source_find(scope->source, start) == NULL) {
        add_start(s, scope, problems);
        return;
    }

    for (size_t i = 0; i < scope->source->count && mig_session_ok(s); i++) {
        const struct mig_operation *operation = &scope->source->operations[i];

        pass_applied(scope, operation->version, &row, &expected);
        if (operation->version > expected)
            add_gap(s, expected, operation, problems);
        if (operation->version >= expected && operation->version < INT64_MAX)
            expected = operation->version + 1;
    }
}

static void check_late(struct mig_session *s, const struct mig_verify_scope *scope,
                       struct mig_problems *problems)
{
    const enum mig_severity severity =
        (enum mig_severity)mig_options_choice(s, MIG_OPTION_LATE);
    int64_t newest = 0;

    for (size_t i = 0; i < scope->rows->count; i++)
        if (is_applied(scope, &scope->rows->list[i]))
            newest = scope->rows->list[i].version;
    for (size_t i = 0; i < scope->source->count && mig_session_ok(s); i++) {
        const struct mig_operation *operation = &scope->source->operations[i];
        struct mig_problem problem;

        if (operation->version > newest)
            break;
        if (!mig_plan_is_pending(scope->rows, operation->version, scope->floor))
            continue;
        problem =
            finding(MIG_PROBLEM_LATE, severity, operation->version, operation->path,
                    "renumber it above the newest applied version; or, where the order does "
                    "not matter, set option late");
        mig_problems_add(s, problems, &problem, "%s is late: version %lld is applied already",
                         operation->path, newest);
    }
}

static void check_pending_files(struct mig_session *s, const struct mig_verify_scope *scope,
                                struct mig_problems *problems)
{
    for (size_t i = 0; i < scope->source->count && mig_session_ok(s); i++) {
        const struct mig_operation *operation = &scope->source->operations[i];
        struct mig_session probe;
        struct mig_content content;
        struct mig_script script;

        if (!mig_plan_is_pending(scope->rows, operation->version, scope->floor))
            continue;
        mig_session_init(&probe, s->db, s->options);
        mig_vet_operation(&probe, scope->source, operation, &content, &script);
        mig_content_release(&content);
        if (probe.outcome == MIG_NO_MEMORY) {
            mig_session_take(s, &probe);
        } else if (!mig_session_ok(&probe)) {
            const struct mig_problem problem = finding(
                MIG_PROBLEM_BAD_FILE, MIG_SEVERITY_ERROR, operation->version, operation->path,
                probe.hint != NULL ? probe.hint : mig_outcome_hint(probe.outcome));

            mig_problems_add(s, problems, &problem, "%s", probe.message);
        }
        mig_session_release(&probe);
    }
}

static void check_drift(struct mig_session *s, struct mig_problems *problems)
{
    const struct mig_problem problem =
        finding(MIG_PROBLEM_DRIFT, MIG_SEVERITY_WARN, 0, "",
                "find the change and put it into an operation, or take it back");
    char then[MIG_DIGEST_SIZE];
    char now[MIG_DIGEST_SIZE];

    mig_tracking_last_fingerprint(s, then);
    if (!mig_session_ok(s) || then[0] == '\0')
        return;
    mig_schema_fingerprint(s, now);
    if (mig_session_ok(s) && strcmp(then, now) != 0)
        mig_problems_add(
            s, problems, &problem,
            "the schema was changed since the last run: its fingerprint is %s, was %s", now,
            then);
}

static void check_compiled(struct mig_session *s, struct mig_problems *problems)
{
    struct mig_compiled_list compiled;

    mig_compiled_init(&compiled);
    mig_compiled_find(s, &compiled);
    for (size_t i = 0; i < compiled.count && mig_session_ok(s); i++) {
        const struct mig_compiled *entry = &compiled.list[i];
        const struct mig_problem problem = finding(MIG_PROBLEM_BROKEN, MIG_SEVERITY_WARN, 0,
                                                   entry->name, "drop it or rebuild it");

        if (entry->error != NULL)
            mig_problems_add(s, problems, &problem, "%s %s does not compile: %s", entry->kind,
                             entry->name, entry->error);
    }
    mig_compiled_release(&compiled);
}

void mig_verify(struct mig_session *s, const struct mig_verify_scope *scope,
                struct mig_problems *problems)
{
    const char *newest_folder = find_newest_folder(scope);

    mig_verify_rows(s, scope->rows, problems);
    for (size_t i = 0; i < scope->rows->count && mig_session_ok(s); i++)
        if (is_applied(scope, &scope->rows->list[i]))
            check_row(s, scope, &scope->rows->list[i], newest_folder, problems);
    check_gaps(s, scope, problems);
    check_late(s, scope, problems);
    if (!scope->thorough)
        return;
    check_pending_files(s, scope, problems);
    check_drift(s, problems);
    check_compiled(s, problems);
}

static void check_empty(struct mig_session *s, const struct mig_source *source,
                        struct mig_problems *problems)
{
    const struct mig_problem problem =
        finding(MIG_PROBLEM_MISSING, MIG_SEVERITY_ERROR, 0, source->dir,
                "write the first one: 2025-01-10/0001-TASK-1-create-users_up.sql");

    if (mig_session_ok(s) && source->count == 0 && source->starts_after == 0 &&
        problems->count == 0)
        mig_problems_add(s, problems, &problem, "the migration folder %s holds no operation",
                         source->dir);
}

void mig_verify_folder(struct mig_session *s, const char *dir, struct mig_problems *problems)
{
    struct mig_source source;
    struct mig_rows rows;
    struct mig_tracking tracking;
    const struct mig_verify_scope scope = {&source, &rows, &tracking, INT64_MAX, true};

    mig_source_init(&source);
    mig_rows_init(&rows);
    mig_tracking_init(&tracking);
    mig_source_list(s, &source, dir, problems);
    mig_tracking_read(s, &rows);
    check_empty(s, &source, problems);
    mig_verify(s, &scope, problems);
    mig_tracking_release(&tracking);
    mig_rows_release(&rows);
    mig_source_release(&source);
}
