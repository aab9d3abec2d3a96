#include "compiler.h"

#include "ask.h"

#include "keep.h"
#include "query.h"
#include "schema.h"

#include <stdarg.h>

/* A table whose rows have been counted. */
struct mig_ask_count {
    const char *table;
    struct mig_answer answer;
};

void mig_ask_init(struct mig_ask *ask)
{
    memset(ask, 0, sizeof(*ask));
}

void mig_ask_release(struct mig_ask *ask)
{
    mig_arena_release(&ask->arena);
    sqlite3_free(ask->counts);
    mig_ask_init(ask);
}

static struct mig_answer answer(enum mig_ask_verdict verdict, const char *why)
{
    return (struct mig_answer){.verdict = verdict, .why = why, .count = 0};
}

/* An answer whose sentence is a text of SQLite's allocator, which is freed here. */
static struct mig_answer compose(struct mig_session *s, struct mig_ask *ask,
                                 enum mig_ask_verdict verdict, char *why)
{
    const char *text = mig_keep(s, &ask->arena, why);

    return mig_session_ok(s) ? answer(verdict, text) : answer(MIG_ASK_UNKNOWN, "");
}

/* True for a failure that has nothing to do with the question. */
static bool ends_all_work(enum mig_outcome outcome)
{
    return outcome == MIG_NO_MEMORY || outcome == MIG_INTERRUPTED || outcome == MIG_LOCKED ||
           outcome == MIG_IO || outcome == MIG_CORRUPT || outcome == MIG_NOT_A_DATABASE;
}

/* What the failure of a question says: unknown, or it is the failure of the session, too. */
static struct mig_answer end_probe(struct mig_session *s, struct mig_ask *ask,
                                   struct mig_session *probe)
{
    struct mig_answer unknown = answer(MIG_ASK_UNKNOWN, "");

    if (ends_all_work(probe->outcome))
        mig_session_take(s, probe);
    else if (probe->message != NULL)
        unknown = compose(s, ask, MIG_ASK_UNKNOWN,
                          sqlite3_mprintf("the database cannot be asked: %s", probe->message));
    mig_session_release(probe);
    return unknown;
}

/* Asks a SELECT that was composed here: `yes` when it gives a row. */
static struct mig_answer run(struct mig_session *s, struct mig_ask *ask, const char *sql,
                             const char *yes, const char *no)
{
    struct mig_answer result = answer(MIG_ASK_NO, no);
    struct mig_session probe;
    sqlite3_stmt *query;
    size_t tail;

    if (!mig_session_ok(s))
        return answer(MIG_ASK_UNKNOWN, "");
    mig_session_init(&probe, s->db, s->options);
    query = mig_query_prepare_text(&probe, sql, &tail);
    if (query != NULL && sqlite3_stmt_readonly(query) == 0)
        mig_session_fail(&probe, MIG_FAILED, "that would write");
    if (mig_query_step(&probe, query))
        result = answer(MIG_ASK_YES, yes);
    mig_query_finish(query);
    return mig_session_ok(&probe) ? result : end_probe(s, ask, &probe);
}

/* Whether a function may do more than compute, by its flags. Of the application's, only those are
 * trusted that it has declared deterministic or innocuous; LIKE and its kind can be its own, too.
 * Source: https://www.sqlite.org/c3ref/c_deterministic.html */
#define SUSPECTS                                                                               \
    "SELECT DISTINCT name FROM pragma_function_list WHERE flags&0x80000 OR NOT (builtin OR "   \
    "flags&0x800 OR flags&0x200000)"

static void read_functions(struct mig_session *s, struct mig_ask *ask)
{
    sqlite3_stmt *query = ask->has_functions ? NULL : mig_query_prepare(s, SUSPECTS);

    while (query != NULL && mig_query_step(s, query)) {
        void *list = ask->functions;
        const char **name = mig_keep_element(s, &ask->arena, &list, ask->function_count,
                                             sizeof(*ask->functions));

        ask->functions = list;
        if (name == NULL)
            break;
        *name = mig_keep_column(s, &ask->arena, query, 0);
        ask->function_count++;
    }
    mig_query_finish(query);
    if (mig_session_ok(s))
        ask->has_functions = true;
}

/* The function, when it is one that is not called for a question; else NULL. */
static const char *find_suspect(const struct mig_ask *ask, const char *name)
{
    for (size_t i = 0; i < ask->function_count; i++)
        if (sqlite3_stricmp(ask->functions[i], name) == 0)
            return ask->functions[i];
    return NULL;
}

bool mig_ask_may_act(struct mig_session *s, struct mig_ask *ask, const char *function)
{
    struct mig_session probe;

    if (!mig_session_ok(s))
        return true;
    mig_session_init(&probe, s->db, s->options);
    read_functions(&probe, ask);
    if (mig_session_ok(&probe))
        return find_suspect(ask, function) != NULL;
    (void)end_probe(s, ask, &probe);
    return true;
}

/* True for an operator that SQLite computes by a function of the same name. */
static bool is_function_operator(const struct mig_token *token)
{
    return mig_token_is_word(token, "LIKE") || mig_token_is_word(token, "GLOB") ||
           mig_token_is_word(token, "REGEXP") || mig_token_is_word(token, "MATCH");
}

/* True when the token calls a function. */
static bool is_call(const struct mig_token *token, const char *sql, size_t length,
                    size_t position)
{
    const struct mig_token behind = mig_token_next(sql, length, &position);

    if (token->kind != MIG_TOKEN_WORD && token->kind != MIG_TOKEN_NAME)
        return false;
    return (behind.kind == MIG_TOKEN_OTHER && behind.text[0] == '(') ||
           is_function_operator(token);
}

/* A function that the SQL calls and that may do more than compute; NULL when there is none. */
static const char *find_call(struct mig_session *s, struct mig_ask *ask, const char *sql)
{
    const size_t length = strlen(sql);
    const char *found = NULL;
    size_t position = 0;

    while (found == NULL && mig_session_ok(s)) {
        const struct mig_token token = mig_token_next(sql, length, &position);
        const struct mig_part part = {.text = token.text, .length = token.length};
        const char *name;

        if (token.kind == MIG_TOKEN_END)
            break;
        if (!is_call(&token, sql, length, position))
            continue;
        read_functions(s, ask);
        name = mig_keep_name(s, &ask->arena, &part);
        found = name == NULL ? NULL : find_suspect(ask, name);
    }
    return found;
}

/* Asks a SELECT that holds SQL of somebody else's. */
static struct mig_answer run_foreign(struct mig_session *s, struct mig_ask *ask,
                                     const char *sql, const char *yes, const char *no)
{
    struct mig_session probe;
    const char *function;

    if (!mig_session_ok(s))
        return answer(MIG_ASK_UNKNOWN, "");
    mig_session_init(&probe, s->db, s->options);
    function = find_call(&probe, ask, sql);
    if (!mig_session_ok(&probe))
        return end_probe(s, ask, &probe);
    if (function != NULL)
        return compose(s, ask, MIG_ASK_UNKNOWN,
                       sqlite3_mprintf("the database was not asked: the function %s() may do "
                                       "more than compute",
                                       function));
    return run(s, ask, sql, yes, no);
}

/* The name in backticks. */
static void append_strict_name(sqlite3_str *text, const char *name)
{
    sqlite3_str_appendchar(text, 1, '`');
    for (const char *byte = name; *byte != '\0'; byte++)
        sqlite3_str_appendchar(text, *byte == '`' ? 2 : 1, *byte);
    sqlite3_str_appendchar(text, 1, '`');
}

/*
 * The SQL with "names" in backticks. SQLite takes "x" for a string where no column is called so, and a
 * question about a column that is not there yet would get an answer.
 * Source: https://www.sqlite.org/quirks.html#double_quoted_string_literals_are_accepted
 */
static const char *make_strict(struct mig_session *s, struct mig_ask *ask, const char *sql)
{
    const size_t length = strlen(sql);
    sqlite3_str *text = sqlite3_str_new(s->db);
    const char *end = sql;
    size_t position = 0;

    for (;;) {
        const struct mig_token token = mig_token_next(sql, length, &position);
        const struct mig_part part = {.text = token.text, .length = token.length};
        const char *name = NULL;

        if (token.kind == MIG_TOKEN_END)
            break;
        if (token.text != end)
            sqlite3_str_appendchar(text, 1, ' ');
        if (token.kind == MIG_TOKEN_NAME && token.text[0] == '"')
            name = mig_keep_name(s, &ask->arena, &part);
        if (name == NULL)
            sqlite3_str_append(text, token.text, (int)token.length);
        else
            append_strict_name(text, name);
        end = token.text + token.length;
    }
    return mig_keep_built(s, &ask->arena, text);
}

/* Begins a question: where the rows of the relation come from, if not from a table. */
static sqlite3_str *begin(struct mig_session *s, struct mig_ask *ask,
                          const struct mig_relation *relation)
{
    sqlite3_str *sql = sqlite3_str_new(s->db);

    if (relation->select == NULL)
        return sql;
    sqlite3_str_appendf(sql, "WITH \"%w\"", relation->name);
    if (relation->columns != NULL)
        sqlite3_str_appendf(sql, "(%s)", make_strict(s, ask, relation->columns));
    sqlite3_str_appendf(sql, " AS (%s) ", make_strict(s, ask, relation->select));
    return sql;
}

/* The rows of the relation, in a FROM; AS is the caller's. */
static void append_rows(sqlite3_str *sql, const struct mig_relation *relation)
{
    sqlite3_str_appendf(sql, relation->select == NULL ? "main.\"%w\"" : "\"%w\"",
                        relation->name);
}

/* The rows called by the name of the relation, as expressions of its table may call them. */
static void append_from(sqlite3_str *sql, const struct mig_relation *relation)
{
    sqlite3_str_appendall(sql, " FROM ");
    append_rows(sql, relation);
    sqlite3_str_appendf(sql, " AS \"%w\"", relation->name);
}

static const char *say(struct mig_session *s, struct mig_ask *ask, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = sqlite3_vmprintf(format, arguments);
    va_end(arguments);
    return mig_keep(s, &ask->arena, text);
}

struct mig_answer mig_ask_table(struct mig_session *s, struct mig_ask *ask, const char *table)
{
    if (mig_schema_has_table(s, table))
        return compose(s, ask, MIG_ASK_YES, sqlite3_mprintf("there is a table %s", table));
    return compose(s, ask, MIG_ASK_NO, sqlite3_mprintf("there is no table %s", table));
}

/* Counts up to one more than the limit. */
static struct mig_answer count_rows(struct mig_session *s, struct mig_ask *ask,
                                    const char *table)
{
    struct mig_session probe;
    int64_t count;
    struct mig_answer result;

    mig_session_init(&probe, s->db, s->options);
    count = mig_query_integer(&probe, 0,
                              "SELECT count(*) FROM (SELECT 1 FROM main.\"%w\" LIMIT %lld)",
                              table, MIG_ASK_COUNT_MAX + 1);
    if (!mig_session_ok(&probe))
        return end_probe(s, ask, &probe);
    if (count > MIG_ASK_COUNT_MAX)
        result = compose(s, ask, MIG_ASK_YES,
                         sqlite3_mprintf("%s has over %lld rows", table, MIG_ASK_COUNT_MAX));
    else
        result =
            compose(s, ask, count > 0 ? MIG_ASK_YES : MIG_ASK_NO,
                    sqlite3_mprintf("%s has %lld row%s", table, count, count == 1 ? "" : "s"));
    result.count = count;
    return result;
}

struct mig_answer mig_ask_rows(struct mig_session *s, struct mig_ask *ask, const char *table)
{
    void *list = ask->counts;
    struct mig_ask_count *found;
    struct mig_answer result;

    for (size_t i = 0; i < ask->count; i++)
        if (mig_session_ok(s) && sqlite3_stricmp(ask->counts[i].table, table) == 0)
            return ask->counts[i].answer;
    result = mig_ask_table(s, ask, table);
    if (result.verdict == MIG_ASK_YES)
        result = count_rows(s, ask, table);
    found = mig_array_add(s, &list, ask->count, &ask->capacity, sizeof(*found));
    ask->counts = list;
    if (found == NULL)
        return answer(MIG_ASK_UNKNOWN, "");
    found->table = mig_arena_text(s, &ask->arena, table);
    found->answer = result;
    ask->count++;
    return result;
}

struct mig_answer mig_ask_nulls(struct mig_session *s, struct mig_ask *ask,
                                const struct mig_relation *relation, const char *column)
{
    sqlite3_str *sql = begin(s, ask, relation);

    sqlite3_str_appendall(sql, "SELECT 1");
    append_from(sql, relation);
    sqlite3_str_appendf(sql, " WHERE \"%w\".\"%w\" IS NULL LIMIT 1", relation->name, column);
    return run_foreign(s, ask, mig_keep_built(s, &ask->arena, sql),
                       say(s, ask, "rows of %s have NULL in %s", relation->name, column),
                       say(s, ask, "no row of %s has NULL in %s", relation->name, column));
}

/* The values of the index, as columns k0, k1, ... of the rows that it is about. */
static void append_keys(struct mig_session *s, struct mig_ask *ask, sqlite3_str *sql,
                        const struct mig_relation *relation,
                        const struct mig_shape_index *index)
{
    sqlite3_str_appendall(sql, "SELECT ");
    for (size_t i = 0; i < index->key_count; i++) {
        const struct mig_shape_key *key = &index->keys[i];

        if (i > 0)
            sqlite3_str_appendall(sql, ", ");
        if (key->column != NULL)
            sqlite3_str_appendf(sql, "\"%w\".\"%w\"", relation->name, key->column);
        else
            sqlite3_str_appendall(sql, make_strict(s, ask, key->text));
        sqlite3_str_appendf(sql, " AS k%lld", (int64_t)i);
    }
    append_from(sql, relation);
    if (index->where != NULL)
        sqlite3_str_appendf(sql, " WHERE (%s)", make_strict(s, ask, index->where));
}

/* What the index is on, for a person: "a, lower(b)". */
static const char *name_keys(struct mig_session *s, struct mig_ask *ask,
                             const struct mig_shape_index *index)
{
    sqlite3_str *text = sqlite3_str_new(s->db);

    for (size_t i = 0; i < index->key_count; i++)
        sqlite3_str_appendf(text, "%s%s", i == 0 ? "" : ", ",
                            index->keys[i].column != NULL ? index->keys[i].column
                                                          : index->keys[i].text);
    return mig_keep_built(s, &ask->arena, text);
}

struct mig_answer mig_ask_duplicates(struct mig_session *s, struct mig_ask *ask,
                                     const struct mig_relation *relation,
                                     const struct mig_shape_index *index)
{
    sqlite3_str *sql = begin(s, ask, relation);
    const char *names = name_keys(s, ask, index);

    sqlite3_str_appendall(sql, "SELECT 1 FROM (");
    append_keys(s, ask, sql, relation, index);
    for (size_t i = 0; i < index->key_count; i++)
        sqlite3_str_appendf(sql, "%s k%lld IS NOT NULL", i == 0 ? ") WHERE" : " AND",
                            (int64_t)i);
    for (size_t i = 0; i < index->key_count; i++) {
        sqlite3_str_appendf(sql, "%s k%lld", i == 0 ? " GROUP BY" : ",", (int64_t)i);
        if (index->keys[i].collation != NULL)
            sqlite3_str_appendf(sql, " COLLATE \"%w\"", index->keys[i].collation);
    }
    sqlite3_str_appendall(sql, " HAVING count(*)>1 LIMIT 1");
    return run_foreign(s, ask, mig_keep_built(s, &ask->arena, sql),
                       say(s, ask, "rows of %s are equal in %s", relation->name, names),
                       say(s, ask, "no rows of %s are equal in %s", relation->name, names));
}

struct mig_answer mig_ask_violates(struct mig_session *s, struct mig_ask *ask,
                                   const struct mig_relation *relation, const char *expression)
{
    sqlite3_str *sql = begin(s, ask, relation);

    sqlite3_str_appendall(sql, "SELECT 1");
    append_from(sql, relation);
    sqlite3_str_appendf(sql, " WHERE NOT (%s) LIMIT 1", make_strict(s, ask, expression));
    return run_foreign(
        s, ask, mig_keep_built(s, &ask->arena, sql),
        say(s, ask, "rows of %s violate CHECK (%s)", relation->name, expression),
        say(s, ask, "no row of %s violates CHECK (%s)", relation->name, expression));
}

/* That none of the key's columns is NULL, in rows called c. */
static void append_set(sqlite3_str *sql, const struct mig_shape_foreign_key *key)
{
    for (size_t i = 0; i < key->column_count; i++)
        sqlite3_str_appendf(sql, "%s c.\"%w\" IS NOT NULL", i == 0 ? " WHERE" : " AND",
                            key->columns[i]);
}

struct mig_answer mig_ask_children(struct mig_session *s, struct mig_ask *ask,
                                   const struct mig_shape_foreign_key *key)
{
    sqlite3_str *sql = sqlite3_str_new(s->db);

    sqlite3_str_appendf(sql, "SELECT 1 FROM main.\"%w\" AS c", key->child);
    append_set(sql, key);
    sqlite3_str_appendall(sql, " LIMIT 1");
    return run(s, ask, mig_keep_built(s, &ask->arena, sql),
               say(s, ask, "rows of %s refer to %s", key->child, key->parent),
               say(s, ask, "no row of %s refers to %s", key->child, key->parent));
}

/* The column of the parent that the key's column `place` points at; "" when there is none. */
static const char *parent_column(struct mig_session *s, struct mig_ask *ask,
                                 const struct mig_shape_foreign_key *key, size_t place)
{
    sqlite3_stmt *query;
    const char *name = "";

    if (key->parent_columns[place] != NULL)
        return key->parent_columns[place];
    query = mig_query_prepare(s, "SELECT name FROM pragma_table_info(%Q,'main') WHERE pk=%lld",
                              key->parent, (int64_t)place + 1);
    if (mig_query_step(s, query))
        name = mig_keep_column(s, &ask->arena, query, 0);
    mig_query_finish(query);
    return name;
}

struct mig_answer mig_ask_orphans(struct mig_session *s, struct mig_ask *ask,
                                  const struct mig_relation *relation,
                                  const struct mig_shape_foreign_key *key)
{
    const struct mig_relation table = {.name = key->parent};
    const bool is_own = sqlite3_stricmp(key->child, key->parent) == 0;
    sqlite3_str *sql = begin(s, ask, relation);

    sqlite3_str_appendall(sql, "SELECT 1 FROM ");
    append_rows(sql, relation);
    sqlite3_str_appendall(sql, " AS c");
    append_set(sql, key);
    sqlite3_str_appendall(sql, " AND NOT EXISTS(SELECT 1 FROM ");
    append_rows(sql, is_own ? relation : &table);
    sqlite3_str_appendall(sql, " AS p");
    /* The plus takes the affinity of the child's column away, so that the parent's counts. */
    for (size_t i = 0; i < key->column_count; i++)
        sqlite3_str_appendf(sql, "%s p.\"%w\"=+c.\"%w\"", i == 0 ? " WHERE" : " AND",
                            parent_column(s, ask, key, i), key->columns[i]);
    sqlite3_str_appendall(sql, ") LIMIT 1");
    return run_foreign(
        s, ask, mig_keep_built(s, &ask->arena, sql),
        say(s, ask, "rows of %s have no parent in %s", relation->name, key->parent),
        say(s, ask, "all rows of %s have their parent in %s", relation->name, key->parent));
}
