#include "compiler.h"

#include "compile_check.h"

#include "query.h"
#include "token.h"

void mig_compiled_init(struct mig_compiled_list *compiled)
{
    memset(compiled, 0, sizeof(*compiled));
}

void mig_compiled_release(struct mig_compiled_list *compiled)
{
    mig_arena_release(&compiled->arena);
    sqlite3_free(compiled->list);
    mig_compiled_init(compiled);
}

/* Reads over `word` when it is the next token. */
static bool take_word(const char *sql, size_t length, size_t *position, const char *word)
{
    size_t behind = *position;
    const struct mig_token token = mig_token_next(sql, length, &behind);
    const bool found = mig_token_is_word(&token, word);

    if (found)
        *position = behind;
    return found;
}

/* The first letter of the event of a trigger: D, I or U; NUL when the text is no trigger's. */
static char find_event(const char *sql)
{
    const size_t length = strlen(sql);
    size_t position = 0;
    struct mig_token token;

    (void)take_word(sql, length, &position, "CREATE");
    (void)take_word(sql, length, &position, "TRIGGER");
    (void)mig_token_next(sql, length, &position); /* its name */
    if (take_word(sql, length, &position, "INSTEAD"))
        (void)take_word(sql, length, &position, "OF");
    else if (!take_word(sql, length, &position, "BEFORE"))
        (void)take_word(sql, length, &position, "AFTER");
    token = mig_token_next(sql, length, &position);
    if (mig_token_is_word(&token, "DELETE"))
        return 'D';
    if (mig_token_is_word(&token, "INSERT"))
        return 'I';
    return mig_token_is_word(&token, "UPDATE") ? 'U' : '\0';
}

/* "a"="a","b"="b" for all columns that can be set; NULL when the session fails. */
static char *list_assignments(struct mig_session *s, const char *table)
{
    sqlite3_stmt *query = mig_query_prepare(
        s, "SELECT name FROM pragma_table_xinfo(%Q,'main') WHERE hidden=0", table);
    char *list = NULL;

    while (mig_query_step(s, query)) {
        const char *name = (const char *)sqlite3_column_text(query, 0);

        list = sqlite3_mprintf("%z%s\"%w\"=\"%w\"", list, list == NULL ? "" : ",", name, name);
        if (list == NULL)
            mig_session_fail_memory(s);
    }
    mig_query_finish(query);
    return list;
}

/* A statement that would fire the trigger; NULL when there is none or the session fails. */
static char *make_firing(struct mig_session *s, const char *table, const char *trigger)
{
    char *assignments;
    char *sql = NULL;

    switch (find_event(trigger)) {
    case 'D':
        sql = sqlite3_mprintf("DELETE FROM main.\"%w\"", table);
        break;
    case 'I':
        sql = sqlite3_mprintf("INSERT INTO main.\"%w\" DEFAULT VALUES", table);
        break;
    case 'U':
        assignments = list_assignments(s, table);
        if (assignments != NULL)
            sql = sqlite3_mprintf("UPDATE main.\"%w\" SET %s", table, assignments);
        sqlite3_free(assignments);
        break;
    default:
        return NULL;
    }
    if (sql == NULL)
        mig_session_fail_memory(s);
    return sql;
}

/* Compiles `sql`; what is wrong with it goes into *entry, not into the session. */
static void compile(struct mig_session *s, struct mig_compiled_list *compiled, const char *sql,
                    struct mig_compiled *entry)
{
    struct mig_session probe;

    if (!mig_session_ok(s) || sql == NULL)
        return;
    mig_session_init(&probe, s->db, s->options);
    mig_query_finish(mig_query_prepare(&probe, "%s", sql));
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(s, &probe);
    else if (!mig_session_ok(&probe))
        entry->error = mig_arena_text(s, &compiled->arena, probe.message);
    mig_session_release(&probe);
}

static void add_object(struct mig_session *s, struct mig_compiled_list *compiled,
                       const char *kind, const char *name, const char *table, const char *text)
{
    const bool is_view = strcmp(kind, "view") == 0;
    void *list = compiled->list;
    struct mig_compiled *entry =
        mig_array_add(s, &list, compiled->count, &compiled->capacity, sizeof(*entry));
    char *sql;

    compiled->list = list;
    if (entry == NULL)
        return;
    entry->kind = is_view ? "view" : "trigger";
    entry->name = mig_arena_text(s, &compiled->arena, name);
    sql = is_view ? sqlite3_mprintf("SELECT * FROM main.\"%w\"", name)
                  : make_firing(s, table, text);
    if (sql == NULL && is_view)
        mig_session_fail_memory(s);
    compile(s, compiled, sql, entry);
    sqlite3_free(sql);
    if (mig_session_ok(s))
        compiled->count++;
}

/* The names that a body has to mention; grows by the views that do. */
struct users {
    struct mig_arena arena;
    const char **names; /* owned array */
    size_t count;
    size_t capacity;
};

static bool add_name(struct mig_session *s, struct users *users, const char *name)
{
    void *list = users->names;
    const char **added;

    for (size_t i = 0; i < users->count; i++)
        if (sqlite3_stricmp(users->names[i], name) == 0)
            return false;
    added = mig_array_add(s, &list, users->count, &users->capacity, sizeof(*added));
    users->names = list;
    if (added == NULL)
        return false;
    *added = mig_arena_text(s, &users->arena, name);
    users->count += mig_session_ok(s) ? 1 : 0;
    return mig_session_ok(s);
}

static bool mentions(const char *text, const char *name)
{
    const size_t length = strlen(name);

    /* A name with quotes in it may be written otherwise. */
    if (strpbrk(name, "\"'`[]") != NULL)
        return true;
    for (; *text != '\0'; text++)
        if (sqlite3_strnicmp(text, name, (int)length) == 0)
            return true;
    return false;
}

static bool mentions_any(const struct users *users, const char *text)
{
    for (size_t i = 0; i < users->count; i++)
        if (mentions(text, users->names[i]))
            return true;
    return false;
}

static sqlite3_stmt *select_bodies(struct mig_session *s)
{
    return mig_query_prepare(s, "SELECT type,name,tbl_name,sql FROM main.sqlite_schema "
                                "WHERE type IN('view','trigger') ORDER BY type,name");
}

/* Adds the views that mention one of the names, until there are no more. */
static void add_views(struct mig_session *s, struct users *users)
{
    bool is_new = true;

    while (is_new && mig_session_ok(s)) {
        sqlite3_stmt *query =
            mig_query_prepare(s, "SELECT name,sql FROM main.sqlite_schema WHERE type='view'");

        is_new = false;
        while (mig_query_step(s, query)) {
            const char *name = (const char *)sqlite3_column_text(query, 0);
            const char *text = (const char *)sqlite3_column_text(query, 1);

            if (name == NULL || text == NULL)
                mig_session_fail_memory(s);
            else if (mentions_any(users, text))
                is_new |= add_name(s, users, name);
        }
        mig_query_finish(query);
    }
}

/* Compiles the bodies that mention one of the names; NULL: all. */
static void find(struct mig_session *s, const struct users *users,
                 struct mig_compiled_list *compiled)
{
    sqlite3_stmt *query = select_bodies(s);

    while (mig_query_step(s, query)) {
        const char *kind = (const char *)sqlite3_column_text(query, 0);
        const char *name = (const char *)sqlite3_column_text(query, 1);
        const char *table = (const char *)sqlite3_column_text(query, 2);
        const char *text = (const char *)sqlite3_column_text(query, 3);

        if (kind == NULL || name == NULL || table == NULL || text == NULL)
            mig_session_fail_memory(s);
        else if (users == NULL || mentions_any(users, text))
            add_object(s, compiled, kind, name, table, text);
    }
    mig_query_finish(query);
}

void mig_compiled_find(struct mig_session *s, struct mig_compiled_list *compiled)
{
    mig_compiled_release(compiled);
    find(s, NULL, compiled);
}

void mig_compiled_find_using(struct mig_session *s, const char *const *names, size_t count,
                             struct mig_compiled_list *compiled)
{
    struct users users;

    mig_compiled_release(compiled);
    memset(&users, 0, sizeof(users));
    for (size_t i = 0; i < count; i++)
        (void)add_name(s, &users, names[i]);
    add_views(s, &users);
    find(s, &users, compiled);
    sqlite3_free(users.names);
    mig_arena_release(&users.arena);
}

static bool has_compiled(const struct mig_compiled_list *compiled,
                         const struct mig_compiled *entry)
{
    for (size_t i = 0; i < compiled->count; i++)
        if (strcmp(compiled->list[i].kind, entry->kind) == 0 &&
            strcmp(compiled->list[i].name, entry->name) == 0)
            return compiled->list[i].error == NULL;
    return false;
}

const struct mig_compiled *mig_compiled_next_broken(const struct mig_compiled_list *before,
                                                    const struct mig_compiled_list *now,
                                                    size_t *place)
{
    while (*place < now->count) {
        const struct mig_compiled *entry = &now->list[(*place)++];

        if (entry->error != NULL && has_compiled(before, entry))
            return entry;
    }
    return NULL;
}

void mig_compiled_fail(struct mig_session *s, const struct mig_compiled *entry)
{
    mig_session_fail(s, MIG_FAILED, "%s %s does not compile any more: %s", entry->kind,
                     entry->name, entry->error);
    mig_session_hint(s, "drop or rebuild it in the same operation, or put \"-- migrate: allow "
                        "broken-view\" at the head of the file");
}
