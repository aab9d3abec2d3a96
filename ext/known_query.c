#include "compiler.h"

#include "known_query.h"

#include "query.h"
#include "script.h"
#include "token.h"

void mig_known_queries_init(struct mig_known_queries *queries)
{
    memset(queries, 0, sizeof(*queries));
}

void mig_known_queries_release(struct mig_known_queries *queries)
{
    mig_arena_release(&queries->arena);
    sqlite3_free(queries->list);
    mig_known_queries_init(queries);
}

/* True for the kinds that EXPLAIN QUERY PLAN does nothing else with. Some pragmas act when compiled. */
static bool is_query(const char *text, size_t length)
{
    static const char *const words[] = {"SELECT",  "VALUES", "WITH",  "INSERT",
                                        "REPLACE", "UPDATE", "DELETE"};
    const struct mig_token first = mig_token_at(text, length);

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (mig_token_is_word(&first, words[i]))
            return true;
    return false;
}

static void add_query(struct mig_session *s, struct mig_known_queries *queries,
                      const char *path, const char *text, size_t length, int64_t line)
{
    void *list = queries->list;
    struct mig_known_query *query =
        mig_array_add(s, &list, queries->count, &queries->capacity, sizeof(*query));

    queries->list = list;
    if (query == NULL)
        return;
    while (length > 0 && strchr("; \t\r\n\f", text[length - 1]) != NULL)
        length--;
    query->path = path;
    query->line = line;
    query->sql = mig_arena_copy(s, &queries->arena, text, length);
    query->is_query = is_query(text, length);
    queries->count += mig_session_ok(s) ? 1 : 0;
}

static void read_file(struct mig_session *s, const struct mig_source *source, const char *path,
                      struct mig_known_queries *queries)
{
    struct mig_statement statement;
    size_t position = 0;
    size_t length = 0;
    char *text = NULL;

    mig_file_read(s, &source->database, source->dir_fd, path, &text, &length);
    if (mig_session_ok(s) && length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        position = 3;
    while (mig_session_ok(s) && mig_script_next(text, length, &position, &statement)) {
        const struct mig_position place = mig_script_position(text, length, statement.start);

        add_query(s, queries, path, text + statement.start, statement.end - statement.start,
                  (int64_t)place.line);
    }
    sqlite3_free(text);
}

void mig_known_queries_read(struct mig_session *s, const struct mig_source *source,
                            struct mig_known_queries *queries)
{
    const char **paths;
    size_t count;

    mig_known_queries_release(queries);
    mig_source_other_files(s, source, &queries->arena, MIG_KNOWN_QUERY_FOLDER, &paths, &count);
    for (size_t i = 0; i < count && mig_session_ok(s); i++)
        read_file(s, source, paths[i], queries);
}

/* Reads what an explaining statement says. */
static void read_lines(struct mig_session *s, struct mig_arena *arena, sqlite3_stmt *explain,
                       struct mig_known_plan *plan)
{
    size_t capacity = 0;
    void *lines = NULL;

    while (mig_query_step(s, explain)) {
        const char **line = mig_array_add(s, &lines, plan->count, &capacity, sizeof(*line));

        if (line == NULL)
            continue;
        *line = mig_arena_text(s, arena, (const char *)sqlite3_column_text(explain, 3));
        if (*line == NULL)
            mig_session_fail_memory(s);
        plan->count++;
    }
    plan->lines = mig_arena_alloc(s, arena, (plan->count + 1) * sizeof(*plan->lines));
    if (plan->lines == NULL)
        plan->count = 0;
    else if (plan->count > 0)
        memcpy(plan->lines, lines, plan->count * sizeof(*plan->lines));
    sqlite3_free(lines);
}

void mig_known_query_explain(struct mig_session *s, struct mig_arena *arena,
                             const struct mig_known_query *query,
                             struct mig_known_plan *out_plan)
{
    struct mig_session probe;
    sqlite3_stmt *explain;

    memset(out_plan, 0, sizeof(*out_plan));
    if (!mig_session_ok(s))
        return;
    if (!query->is_query) {
        out_plan->error = "it is no query";
        return;
    }
    mig_session_init(&probe, s->db, s->options);
    explain = mig_query_prepare(&probe, "EXPLAIN QUERY PLAN %s", query->sql);
    read_lines(&probe, arena, explain, out_plan);
    mig_query_finish(explain);
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(s, &probe);
    else if (!mig_session_ok(&probe))
        out_plan->error = mig_arena_text(s, arena, probe.message);
    mig_session_release(&probe);
}

/* True when the line names the index: "... USING COVERING INDEX by_mail (mail=?)". */
static bool names_index(const char *line, const char *index)
{
    static const char word[] = "INDEX ";
    const size_t length = strlen(index);

    for (const char *at = strstr(line, word); at != NULL; at = strstr(at, word)) {
        at += sizeof(word) - 1;
        if (sqlite3_strnicmp(at, index, (int)length) == 0 &&
            (at[length] == '\0' || at[length] == ' '))
            return true;
    }
    return false;
}

const struct mig_known_query *mig_known_query_of_index(struct mig_session *s,
                                                       const struct mig_known_queries *queries,
                                                       const char *index)
{
    const struct mig_known_query *found = NULL;
    struct mig_known_plan plan;
    struct mig_arena arena;

    mig_arena_init(&arena);
    for (size_t i = 0; i < queries->count && found == NULL; i++) {
        mig_known_query_explain(s, &arena, &queries->list[i], &plan);
        for (size_t n = 0; n < plan.count && found == NULL; n++)
            if (names_index(plan.lines[n], index))
                found = &queries->list[i];
        mig_arena_release(&arena);
    }
    return mig_session_ok(s) ? found : NULL;
}

static const char scan[] = "SCAN ";
static const char search[] = "SEARCH ";

/* The name of what the line reads, where it begins with `verb`; NULL where it does not. */
static const char *name_read(const char *line, const char *verb, size_t *out_length)
{
    const size_t length = strlen(verb);

    if (strncmp(line, verb, length) != 0)
        return NULL;
    *out_length = strcspn(line + length, " ");
    return line + length;
}

/* How many lines of the plan do that with that name; *out_last is the last of them. */
static size_t count_lines(const struct mig_known_plan *plan, const char *verb, const char *name,
                          size_t name_length, const char **out_last)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->count; i++) {
        size_t length = 0;
        const char *read = name_read(plan->lines[i], verb, &length);

        if (read == NULL || length != name_length || strncmp(read, name, length) != 0)
            continue;
        *out_last = plan->lines[i];
        count++;
    }
    return count;
}

const char *mig_known_plan_worse(const struct mig_known_plan *before,
                                 const struct mig_known_plan *after, const char **out_before)
{
    const char *unused;

    for (size_t i = 0; i < after->count; i++) {
        size_t length = 0;
        const char *name = name_read(after->lines[i], scan, &length);

        if (name == NULL)
            continue;
        *out_before = NULL;
        if (count_lines(before, search, name, length, out_before) >
                count_lines(after, search, name, length, &unused) &&
            count_lines(before, scan, name, length, &unused) <
                count_lines(after, scan, name, length, &unused))
            return after->lines[i];
    }
    return NULL;
}
