#include "compiler.h"

#include "harm.h"

#include "query.h"
#include "schema.h"
#include "script.h"
#include "token.h"

struct mig_harmed_name {
    const char *text; /* NULL: the place is free */
    size_t length;
    bool is_altered;  /* it was a table, and stands in ALTER or DROP TABLE */
    bool is_new_name; /* it stands behind RENAME TO */
};

/* Naming the table, or the index, means all that the text names. */
struct consequence {
    const char *name;
    const char *text;
    bool is_read;
};

struct consequences {
    struct consequence *list;
    size_t count;
    size_t capacity;
};

/* A long name is copied where the heap has room for it. */
#define NAME_SIZE 256

static bool starts_with(const char *text, size_t length, const char *first, const char *second)
{
    size_t position = 0;
    struct mig_token token = mig_token_next(text, length, &position);

    if (!mig_token_is_word(&token, first))
        return false;
    token = mig_token_next(text, length, &position);
    while (mig_token_is_word(&token, "TEMP") || mig_token_is_word(&token, "TEMPORARY"))
        token = mig_token_next(text, length, &position);
    return mig_token_is_word(&token, second);
}

static bool has_word(const char *text, size_t length, const char *word)
{
    size_t position = 0;
    struct mig_token token;

    do {
        token = mig_token_next(text, length, &position);
        if (mig_token_is_word(&token, word))
            return true;
    } while (token.kind != MIG_TOKEN_END);
    return false;
}

static bool switches_enforcement(const char *text, size_t length)
{
    struct mig_pragma pragma;

    mig_script_pragma(text, length, &pragma);
    return strcmp(pragma.name, "foreign_keys") == 0 && pragma.has_value;
}

void mig_harm_init(struct mig_harm *harm, const char *script, size_t length)
{
    struct mig_statement statement;
    size_t position = 0;

    memset(harm, 0, sizeof(*harm));
    harm->script = script;
    harm->length = length;
    while (mig_script_next(script, length, &position, &statement)) {
        const char *text = script + statement.start;
        const size_t size = statement.end - statement.start;

        if (statement.kind == MIG_STATEMENT_WRITE)
            harm->rows = true;
        else if (statement.kind == MIG_STATEMENT_DROP_TABLE)
            harm->rows = harm->switches = true;
        else if (statement.kind == MIG_STATEMENT_PRAGMA)
            harm->switches |= switches_enforcement(text, size);
        else if (statement.kind == MIG_STATEMENT_ORDINARY)
            harm->keys |= starts_with(text, size, "DROP", "INDEX");
        if (statement.kind == MIG_STATEMENT_ALTER) {
            harm->rows = true;
            harm->keys |= has_word(text, size, "REFERENCES");
        }
    }
}

void mig_harm_release(struct mig_harm *harm)
{
    mig_arena_release(&harm->arena);
    sqlite3_free(harm->names);
    harm->names = NULL;
    harm->count = 0;
    harm->capacity = 0;
}

static unsigned fold(char byte)
{
    const unsigned value = (unsigned char)byte;

    return value >= 'A' && value <= 'Z' ? value | 0x20U : value;
}

/* FNV-1a over the name in lower case. */
static size_t hash_name(const char *text, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325U;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ fold(text[i])) * 0x100000001b3U;
    return (size_t)(hash ^ (hash >> 32));
}

/* The place of the name, or the free one where it belongs. There is always a free one. */
static struct mig_harmed_name *find_place(struct mig_harmed_name *names, size_t capacity,
                                          const char *text, size_t length)
{
    size_t i = hash_name(text, length) & (capacity - 1);

    while (names[i].text != NULL && (names[i].length != length ||
                                     sqlite3_strnicmp(names[i].text, text, (int)length) != 0))
        i = (i + 1) & (capacity - 1);
    return &names[i];
}

static void make_room(struct mig_session *s, struct mig_harm *harm)
{
    const size_t capacity = harm->capacity == 0 ? 64 : 2 * harm->capacity;
    struct mig_harmed_name *larger;

    if (2 * harm->count < harm->capacity)
        return;
    larger = sqlite3_malloc64(capacity * sizeof(*larger));
    if (larger == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    memset(larger, 0, capacity * sizeof(*larger));
    for (size_t i = 0; i < harm->capacity; i++)
        if (harm->names[i].text != NULL)
            *find_place(larger, capacity, harm->names[i].text, harm->names[i].length) =
                harm->names[i];
    sqlite3_free(harm->names);
    harm->names = larger;
    harm->capacity = capacity;
}

/* The entry of the name, which is made if need be; NULL on a failed session. */
static struct mig_harmed_name *add_name(struct mig_session *s, struct mig_harm *harm,
                                        const char *text, size_t length)
{
    struct mig_harmed_name *name;

    make_room(s, harm);
    if (!mig_session_ok(s))
        return NULL;
    name = find_place(harm->names, harm->capacity, text, length);
    if (name->text == NULL) {
        name->text = mig_arena_copy(s, &harm->arena, text, length);
        name->length = length;
        harm->count++;
    }
    return mig_session_ok(s) ? name : NULL;
}

/* Adds what the token stands for. */
static struct mig_harmed_name *add_token(struct mig_session *s, struct mig_harm *harm,
                                         const struct mig_token *token)
{
    char plain[NAME_SIZE];
    char *unquoted = plain;

    if (token->kind == MIG_TOKEN_WORD)
        return add_name(s, harm, token->text, token->length);
    if (token->length >= sizeof(plain))
        unquoted = mig_arena_alloc(s, &harm->arena, token->length + 1);
    if (unquoted == NULL)
        return NULL;
    return add_name(s, harm, unquoted, mig_token_unquote(token, unquoted));
}

/* A string names a table only where a table is named: INSERT INTO 'x', UPDATE OR IGNORE 'x'. */
static bool can_name_table(const struct mig_token *token, const struct mig_token *previous)
{
    static const char *const before[] = {"INTO",  "UPDATE", "FROM",   "TABLE",      "JOIN",
                                         "TO",    "EXISTS", "INDEX",  "REFERENCES", "REPLACE",
                                         "ABORT", "FAIL",   "IGNORE", "ROLLBACK"};

    if (token->kind == MIG_TOKEN_WORD || token->kind == MIG_TOKEN_NAME)
        return true;
    if (token->kind != MIG_TOKEN_STRING)
        return false;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        if (mig_token_is_word(previous, before[i]))
            return true;
    return previous->kind == MIG_TOKEN_OTHER && previous->length == 1 &&
           previous->text[0] == '.';
}

/* Adds what the text names. `alters`: it is ALTER or DROP TABLE. */
static void read_text(struct mig_session *s, struct mig_harm *harm, const char *text,
                      size_t length, bool alters)
{
    struct mig_token earlier = {MIG_TOKEN_END, text, 0};
    struct mig_token previous = earlier;
    size_t position = 0;

    while (mig_session_ok(s)) {
        const struct mig_token token = mig_token_next(text, length, &position);
        struct mig_harmed_name *name = NULL;

        if (token.kind == MIG_TOKEN_END)
            return;
        if (can_name_table(&token, &previous))
            name = add_token(s, harm, &token);
        if (alters && name != NULL) {
            name->is_altered |= mig_schema_has_table(s, name->text);
            name->is_new_name |=
                mig_token_is_word(&previous, "TO") && mig_token_is_word(&earlier, "RENAME");
        }
        earlier = previous;
        previous = token;
    }
}

static void read_statements(struct mig_session *s, struct mig_harm *harm)
{
    struct mig_statement statement;
    size_t position = 0;

    while (mig_script_next(harm->script, harm->length, &position, &statement)) {
        const char *text = harm->script + statement.start;
        const size_t length = statement.end - statement.start;
        const bool alters =
            statement.kind == MIG_STATEMENT_ALTER || statement.kind == MIG_STATEMENT_DROP_TABLE;

        if (alters || statement.kind == MIG_STATEMENT_WRITE ||
            (statement.kind == MIG_STATEMENT_CREATE_BODY &&
             starts_with(text, length, "CREATE", "TRIGGER")) ||
            (statement.kind == MIG_STATEMENT_ORDINARY &&
             starts_with(text, length, "DROP", "INDEX")))
            read_text(s, harm, text, length, alters);
    }
}

static const char *column_text(struct mig_session *s, struct mig_arena *arena,
                               sqlite3_stmt *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query, column);

    if (text == NULL)
        mig_session_fail_memory(s);
    return mig_arena_text(s, arena, text);
}

static void read_consequences(struct mig_session *s, struct mig_harm *harm,
                              struct consequences *consequences)
{
    sqlite3_stmt *query = mig_query_prepare(
        s,
        "SELECT tbl_name,sql FROM main.sqlite_schema WHERE type='trigger' UNION ALL "
        "SELECT tbl_name,sql FROM temp.sqlite_schema WHERE type='trigger'%s",
        harm->keys ? " UNION ALL SELECT name,printf('\"%w\"',tbl_name) "
                     "FROM main.sqlite_schema WHERE type='index' AND sql IS NOT NULL"
                   : "");

    while (mig_query_step(s, query)) {
        void *list = consequences->list;
        struct consequence *consequence = mig_array_add(
            s, &list, consequences->count, &consequences->capacity, sizeof(*consequence));

        consequences->list = list;
        if (consequence == NULL)
            break;
        consequence->name = column_text(s, &harm->arena, query, 0);
        consequence->text = column_text(s, &harm->arena, query, 1);
        consequences->count++;
    }
    mig_query_finish(query);
}

/* Reads what follows from the names, which may be names from which more follows. */
static void follow(struct mig_session *s, struct mig_harm *harm,
                   const struct consequences *consequences)
{
    bool again = mig_session_ok(s);

    while (again) {
        again = false;
        for (size_t i = 0; mig_session_ok(s) && i < consequences->count; i++) {
            struct consequence *consequence = &consequences->list[i];

            if (consequence->is_read || !mig_harm_names(harm, consequence->name))
                continue;
            consequence->is_read = true;
            again = true;
            read_text(s, harm, consequence->text, strlen(consequence->text), false);
        }
    }
}

void mig_harm_read(struct mig_session *s, struct mig_harm *harm)
{
    struct consequences consequences = {NULL, 0, 0};

    if (!harm->rows && !harm->keys)
        return;
    read_statements(s, harm);
    read_consequences(s, harm, &consequences);
    follow(s, harm, &consequences);
    sqlite3_free(consequences.list);
}

/* The entry of the table; NULL when the script does not name it. */
static const struct mig_harmed_name *find_name(const struct mig_harm *harm, const char *table)
{
    const struct mig_harmed_name *name;

    if (harm->count == 0)
        return NULL;
    name = find_place(harm->names, harm->capacity, table, strlen(table));
    return name->text == NULL ? NULL : name;
}

bool mig_harm_names(const struct mig_harm *harm, const char *table)
{
    return find_name(harm, table) != NULL;
}

bool mig_harm_alters(const struct mig_harm *harm, const char *table)
{
    const struct mig_harmed_name *name = find_name(harm, table);

    return name != NULL && name->is_altered;
}

bool mig_harm_renames_to(const struct mig_harm *harm, const char *table)
{
    const struct mig_harmed_name *name = find_name(harm, table);

    return name != NULL && name->is_new_name;
}
