#include "compiler.h"

#include "proxy.h"

#include "arena.h"
#include "proxy_table.h"
#include "query.h"

#include <stdbool.h>

/* A stand-in for a function or a collation. */
struct stand_in {
    struct mig_session *live; /* borrowed */
    sqlite3_stmt *question;   /* on the live connection; NULL until it is needed */
    int arguments;            /* of the question */
    const char *refusal; /* what is said behind the name instead of calling it; NULL: call it */
    char name[];         /* NUL at the end */
};

/* The prefix of the extension's own functions and tables, and the functions that change nothing. */
static const char own_function[] = "migrate_";
static const char own_table[] = "migrations_";
static const char *const harmless[] = {"migrate_assert", "migrate_checksum", "migrate_version"};

/* The flags of a function that decide where it may be used. */
#define FUNCTION_FLAGS (SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY | SQLITE_INNOCUOUS)

static bool has_prefix(const char *name, const char *prefix)
{
    return sqlite3_strnicmp(name, prefix, (int)strlen(prefix)) == 0;
}

/* Takes over what is no answer to a question to the live connection: no memory, interrupted, locked. That
 * there is no such thing is one. */
static void settle(struct mig_session *s, struct mig_session *probe)
{
    if (probe->outcome != MIG_FAILED && probe->outcome != MIG_PERMISSION)
        mig_session_take(s, probe);
    mig_session_release(probe);
}

static struct stand_in *new_stand_in(struct mig_session *s, const char *name)
{
    const size_t length = strlen(name);
    struct stand_in *stand_in = sqlite3_malloc64(sizeof(*stand_in) + length + 1);

    if (stand_in == NULL) {
        mig_session_fail_memory(s);
        return NULL;
    }
    stand_in->live = s;
    stand_in->question = NULL;
    stand_in->arguments = -1;
    stand_in->refusal = NULL;
    memcpy(stand_in->name, name, length + 1);
    return stand_in;
}

static void free_stand_in(void *context)
{
    struct stand_in *stand_in = context;

    mig_query_finish(stand_in->question);
    sqlite3_free(stand_in);
}

/* SELECT "name"(?1,?2) with that many arguments. */
static sqlite3_stmt *prepare_call(struct mig_session *s, const char *name, int count)
{
    sqlite3_str *call = sqlite3_str_new(s->db);
    sqlite3_stmt *question = NULL;
    char *sql;

    sqlite3_str_appendf(call, "SELECT \"%w\"(", name);
    for (int i = 1; i <= count; i++)
        sqlite3_str_appendf(call, "%s?%d", i == 1 ? "" : ",", i);
    sqlite3_str_appendchar(call, 1, ')');
    sql = sqlite3_str_finish(call);
    if (sql == NULL)
        mig_session_fail_memory(s);
    else
        question = mig_query_prepare(s, "%s", sql);
    sqlite3_free(sql);
    return question;
}

static void result_failure(sqlite3_context *context, const struct mig_session *probe)
{
    if (probe->hint != NULL) {
        mig_session_result(probe, context);
    } else if (probe->message == NULL) {
        sqlite3_result_error_nomem(context);
    } else {
        sqlite3_result_error(context, probe->message, -1);
        sqlite3_result_error_code(context, probe->sqlite_code);
    }
}

static void ask(struct mig_session *s, struct stand_in *stand_in, int count,
                sqlite3_value **values)
{
    if (stand_in->arguments != count) {
        mig_query_finish(stand_in->question);
        stand_in->question = prepare_call(s, stand_in->name, count);
        stand_in->arguments = mig_session_ok(s) ? count : -1;
    }
    for (int i = 0; i < count && mig_session_ok(s); i++) {
        const int code = sqlite3_bind_value(stand_in->question, i + 1, values[i]);

        if (code != SQLITE_OK)
            mig_session_fail_sqlite(s, code);
    }
}

static void call_scalar(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct stand_in *stand_in = sqlite3_user_data(context);
    struct mig_session probe;

    mig_session_init(&probe, stand_in->live->db, stand_in->live->options);
    ask(&probe, stand_in, count, values);
    if (mig_query_step(&probe, stand_in->question))
        sqlite3_result_value(context, sqlite3_column_value(stand_in->question, 0));
    else
        result_failure(context, &probe);
    mig_query_reset(stand_in->question);
    mig_session_release(&probe);
}

static void refuse(sqlite3_context *context)
{
    const struct stand_in *stand_in = sqlite3_user_data(context);
    char *message = sqlite3_mprintf("%s %s", stand_in->name, stand_in->refusal);

    if (message == NULL)
        sqlite3_result_error_nomem(context);
    else
        sqlite3_result_error(context, message, -1);
    sqlite3_free(message);
}

static void refuse_call(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    refuse(context);
}

/* What is to be said instead of calling a scalar function; NULL: call it. */
static const char *find_refusal(const char *name, int flags, enum mig_proxy_use use)
{
    if (has_prefix(name, own_function)) {
        for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
            if (sqlite3_stricmp(name, harmless[i]) == 0)
                return NULL;
        return "cannot be called in a rehearsal";
    }
    if ((flags & SQLITE_DIRECTONLY) == 0)
        return NULL;
    return use == MIG_PROXY_PLAN
               ? "may do things outside the database, and is not called for a plan"
               : "may do things outside the database, and is not called in a rehearsal";
}

/* A function as PRAGMA function_list tells it. */
struct listed {
    const char *name;
    int arguments;
    bool is_scalar;
    bool is_window; /* an aggregate that is a window function too */
    int flags;
};

static void install_function(struct mig_session *s, sqlite3 *db, const struct listed *function,
                             enum mig_proxy_use use)
{
    const int flags = SQLITE_UTF8 | (function->flags & FUNCTION_FLAGS);
    struct stand_in *stand_in = new_stand_in(s, function->name);
    int code;

    if (stand_in == NULL)
        return;
    stand_in->refusal = function->is_scalar
                            ? find_refusal(function->name, function->flags, use)
                            : "is an aggregate of the application, which cannot be called here";
    /* On failure, SQLite frees the stand-in itself. */
    if (function->is_scalar)
        code = sqlite3_create_function_v2(
            db, function->name, function->arguments, flags, stand_in,
            stand_in->refusal == NULL ? call_scalar : refuse_call, NULL, NULL, free_stand_in);
    else if (function->is_window)
        code = sqlite3_create_window_function(db, function->name, function->arguments, flags,
                                              stand_in, refuse_call, refuse, refuse,
                                              refuse_call, free_stand_in);
    else
        code = sqlite3_create_function_v2(db, function->name, function->arguments, flags,
                                          stand_in, NULL, refuse_call, refuse, free_stand_in);
    if (code != SQLITE_OK)
        mig_session_fail_other(s, db, code);
}

struct list {
    struct mig_arena arena;
    struct listed *functions; /* owned array */
    size_t count;
    size_t capacity;
};

static void release_list(struct list *list)
{
    mig_arena_release(&list->arena);
    sqlite3_free(list->functions);
}

/* The functions of a connection that SQLite was not born with. */
static void read_functions(struct mig_session *s, struct list *list)
{
    sqlite3_stmt *query = mig_query_prepare(
        s, "SELECT name,narg,type,flags FROM pragma_function_list WHERE builtin=0 "
           "GROUP BY name,narg");

    while (mig_query_step(s, query)) {
        const char *type = (const char *)sqlite3_column_text(query, 2);
        void *array = list->functions;
        struct listed *place =
            mig_array_add(s, &array, list->count, &list->capacity, sizeof(*place));

        list->functions = array;
        if (place == NULL)
            break;
        place->name =
            mig_arena_text(s, &list->arena, (const char *)sqlite3_column_text(query, 0));
        place->arguments = sqlite3_column_int(query, 1);
        place->is_scalar = type != NULL && strcmp(type, "s") == 0;
        place->is_window = type != NULL && strcmp(type, "w") == 0;
        place->flags = sqlite3_column_int(query, 3);
        if (place->name == NULL)
            mig_session_fail_memory(s);
        else
            list->count++;
    }
    mig_query_finish(query);
}

static bool has_function(const struct list *list, const struct listed *function)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->functions[i].arguments == function->arguments &&
            sqlite3_stricmp(list->functions[i].name, function->name) == 0)
            return true;
    return false;
}

static void install_functions(struct mig_session *s, sqlite3 *db, enum mig_proxy_use use)
{
    struct list here = {.count = 0};
    struct list there = {.count = 0};
    struct mig_session probe;

    mig_session_init(&probe, s->db, s->options);
    read_functions(&probe, &there);
    settle(s, &probe);
    mig_session_init(&probe, db, s->options);
    read_functions(&probe, &here);
    settle(s, &probe);
    for (size_t i = 0; i < there.count && mig_session_ok(s); i++)
        if (has_prefix(there.functions[i].name, own_function) ||
            !has_function(&here, &there.functions[i]))
            install_function(s, db, &there.functions[i], use);
    release_list(&here);
    release_list(&there);
}

/* True when the private connection has a module of that name; false when it cannot be asked. */
static bool has_module(struct mig_session *s, sqlite3_stmt *modules, const char *name)
{
    bool found;

    mig_query_bind_text(s, modules, 1, name);
    found = mig_query_step(s, modules);
    mig_query_reset(modules);
    return found;
}

static void install_modules(struct mig_session *s, sqlite3 *db, enum mig_proxy_use use)
{
    struct mig_session live;
    struct mig_session other;
    sqlite3_stmt *there;
    sqlite3_stmt *here;

    mig_session_init(&live, s->db, s->options);
    mig_session_init(&other, db, s->options);
    /* SQLite makes the modules of the pragmas when they are first used. */
    there = mig_query_prepare(
        &live,
        "SELECT name FROM pragma_module_list WHERE name NOT LIKE 'pragma\\_%%' ESCAPE '\\'");
    here = mig_query_prepare(&other,
                             "SELECT 1 FROM pragma_module_list WHERE name=?1 COLLATE NOCASE");
    while (mig_session_ok(&other) && mig_query_step(&live, there)) {
        const char *name = (const char *)sqlite3_column_text(there, 0);

        if (name == NULL)
            mig_session_fail_memory(s);
        else if (has_prefix(name, own_table) || !has_module(&other, here, name))
            mig_proxy_table_install(s, db, name, use);
    }
    mig_query_finish(here);
    mig_query_finish(there);
    settle(s, &live);
    settle(s, &other);
}

/* What the live connection says of two texts; their bytes when it says nothing any more. */
static int compare(void *context, int left_length, const void *left, int right_length,
                   const void *right)
{
    const struct stand_in *stand_in = context;
    const int shorter = left_length < right_length ? left_length : right_length;
    int order = memcmp(left, right, (size_t)shorter);
    struct mig_session probe;
    int code;

    if (order == 0)
        order = left_length - right_length;
    mig_session_init(&probe, stand_in->live->db, stand_in->live->options);
    code = sqlite3_bind_text(stand_in->question, 1, left, left_length, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(stand_in->question, 2, right, right_length, SQLITE_STATIC);
    if (code == SQLITE_OK && mig_query_step(&probe, stand_in->question))
        order = sqlite3_column_int(stand_in->question, 0);
    mig_query_reset(stand_in->question);
    settle(stand_in->live, &probe);
    return order;
}

/* SQLite needs a collation that the private connection does not have. */
static void find_collation(void *context, sqlite3 *db, int encoding, const char *name)
{
    struct mig_session *live = context;
    struct stand_in *stand_in = new_stand_in(live, name);
    struct mig_session probe;

    (void)encoding;
    if (stand_in == NULL)
        return;
    mig_session_init(&probe, live->db, live->options);
    stand_in->question = mig_query_prepare(&probe,
                                           "SELECT CASE WHEN ?1=?2 COLLATE \"%w\" THEN 0 "
                                           "WHEN ?1<?2 COLLATE \"%w\" THEN -1 ELSE 1 END",
                                           name, name);
    /* Unlike the others, it does not free what it could not register. */
    if (!mig_session_ok(&probe) ||
        sqlite3_create_collation_v2(db, name, SQLITE_UTF8, stand_in, compare, free_stand_in) !=
            SQLITE_OK)
        free_stand_in(stand_in);
    settle(live, &probe);
}

void mig_proxy_install(struct mig_session *s, sqlite3 *private_db, enum mig_proxy_use use)
{
    int code;

    if (!mig_session_ok(s))
        return;
    code = sqlite3_collation_needed(private_db, s, find_collation);
    if (code != SQLITE_OK)
        mig_session_fail_other(s, private_db, code);
    install_functions(s, private_db, use);
    install_modules(s, private_db, use);
}
