#include "compiler.h"

#include "shape_key.h"

#include "definition.h"
#include "keep.h"
#include "query.h"

/* The texts of an index's columns and expressions, as its CREATE INDEX has them. */
static struct mig_part *read_parts(struct mig_session *s, struct mig_arena *arena,
                                   struct mig_shape_index *index, size_t *out_count)
{
    struct mig_part where = {.text = NULL, .length = 0};
    struct mig_part *parts;

    *out_count = 0;
    if (index->sql == NULL)
        return NULL;
    *out_count = mig_definition_index(index->sql, NULL, 0, &where);
    parts = mig_arena_alloc(s, arena, *out_count * sizeof(*parts));
    if (parts == NULL) {
        *out_count = 0;
        return NULL;
    }
    (void)mig_definition_index(index->sql, parts, *out_count, &where);
    if (where.length > 0)
        index->where = mig_keep_part(s, arena, &where);
    return parts;
}

static void add_key(struct mig_session *s, struct mig_arena *arena,
                    struct mig_shape_index *index, sqlite3_stmt *query,
                    const struct mig_part *expression)
{
    void *list = index->keys;
    struct mig_shape_key *key =
        mig_keep_element(s, arena, &list, index->key_count, sizeof(*key));

    index->keys = list;
    if (key == NULL)
        return;
    if (sqlite3_column_type(query, 2) != SQLITE_NULL) {
        key->column = mig_keep_column(s, arena, query, 2);
        key->text = mig_keep(s, arena, sqlite3_mprintf("\"%w\"", key->column));
    } else if (sqlite3_column_int(query, 1) == -1 || expression == NULL) {
        key->text = "rowid";
    } else {
        key->text =
            mig_keep(s, arena, sqlite3_mprintf("(%s)", mig_keep_part(s, arena, expression)));
    }
    key->is_descending = sqlite3_column_int(query, 3) != 0;
    key->collation = mig_keep_column(s, arena, query, 4);
    index->key_count++;
}

static void read_keys(struct mig_session *s, struct mig_arena *arena,
                      struct mig_shape_index *index)
{
    size_t part_count;
    const struct mig_part *parts = read_parts(s, arena, index, &part_count);
    sqlite3_stmt *query = mig_query_prepare(s, "PRAGMA main.index_xinfo(%Q)", index->name);

    while (mig_query_step(s, query)) {
        const size_t place = (size_t)sqlite3_column_int64(query, 0);

        if (sqlite3_column_int(query, 5) != 0)
            add_key(s, arena, index, query, place < part_count ? &parts[place] : NULL);
    }
    mig_query_finish(query);
}

/* The index of that name; a new one at the end when there is none. NULL on a failed session. */
static struct mig_shape_index *get_index(struct mig_session *s, struct mig_arena *arena,
                                         struct mig_shape *shape, const char *name)
{
    void *list = shape->indexes;
    struct mig_shape_index *index;

    for (size_t i = 0; i < shape->index_count; i++)
        if (sqlite3_stricmp(shape->indexes[i].name, name) == 0)
            return &shape->indexes[i];
    index = mig_keep_element(s, arena, &list, shape->index_count, sizeof(*index));
    shape->indexes = list;
    if (index == NULL)
        return NULL;
    index->name = mig_arena_text(s, arena, name);
    shape->index_count++;
    return index;
}

static enum mig_shape_origin origin_of(const char *letters)
{
    if (strcmp(letters, "pk") == 0)
        return MIG_ORIGIN_PRIMARY_KEY;
    return strcmp(letters, "u") == 0 ? MIG_ORIGIN_UNIQUE : MIG_ORIGIN_INDEX;
}

void mig_shape_read_indexes(struct mig_session *s, struct mig_arena *arena,
                            struct mig_shape *shape)
{
    sqlite3_stmt *query = mig_query_prepare(s, "PRAGMA main.index_list(%Q)", shape->name);

    while (mig_query_step(s, query)) {
        struct mig_shape_index *index =
            get_index(s, arena, shape, mig_keep_column(s, arena, query, 1));

        if (index != NULL) {
            index->is_unique = sqlite3_column_int(query, 2) != 0;
            index->origin = origin_of(mig_keep_column(s, arena, query, 3));
            read_keys(s, arena, index);
        }
    }
    mig_query_finish(query);
}

static void add_column_pair(struct mig_session *s, struct mig_arena *arena,
                            struct mig_shape_foreign_key *key, sqlite3_stmt *query)
{
    void *columns = key->columns;
    void *parent_columns = key->parent_columns;
    const char **column =
        mig_keep_element(s, arena, &columns, key->column_count, sizeof(*key->columns));
    const char **parent_column = mig_keep_element(s, arena, &parent_columns, key->column_count,
                                                  sizeof(*key->parent_columns));

    key->columns = columns;
    key->parent_columns = parent_columns;
    if (column == NULL || parent_column == NULL)
        return;
    *column = mig_keep_column(s, arena, query, 3);
    *parent_column = sqlite3_column_type(query, 4) == SQLITE_NULL
                         ? NULL
                         : mig_keep_column(s, arena, query, 4);
    key->column_count++;
}

/* A list of foreign keys that is being read. */
struct key_list {
    struct mig_shape_foreign_key *keys;
    size_t count;
    const char *child;
    const char *parent; /* only keys that point at it; NULL: all */
};

/* Adds a row of foreign_key_list: a column of a key, which is a new key when it is the first. */
static void add_foreign_key_row(struct mig_session *s, struct mig_arena *arena,
                                struct key_list *list, sqlite3_stmt *query)
{
    const char *parent = mig_keep_column(s, arena, query, 2);
    void *keys = list->keys;

    if (list->parent != NULL && sqlite3_stricmp(parent, list->parent) != 0)
        return;
    if (sqlite3_column_int(query, 1) == 0) {
        struct mig_shape_foreign_key *key =
            mig_keep_element(s, arena, &keys, list->count, sizeof(*key));

        list->keys = keys;
        if (key == NULL)
            return;
        memset(key, 0, sizeof(*key));
        key->child = list->child;
        key->parent = parent;
        key->on_update = mig_keep_column(s, arena, query, 5);
        key->on_delete = mig_keep_column(s, arena, query, 6);
        list->count++;
    }
    if (list->count > 0)
        add_column_pair(s, arena, &list->keys[list->count - 1], query);
}

static void read_foreign_key_list(struct mig_session *s, struct mig_arena *arena,
                                  struct key_list *list)
{
    sqlite3_stmt *query = mig_query_prepare(s, "PRAGMA main.foreign_key_list(%Q)", list->child);

    while (mig_query_step(s, query))
        add_foreign_key_row(s, arena, list, query);
    mig_query_finish(query);
}

/* SQLite lists the newest key first; here the order is that of the text. */
void mig_shape_read_foreign_keys(struct mig_session *s, struct mig_arena *arena,
                                 struct mig_shape *shape)
{
    struct key_list list = {.keys = NULL, .count = 0, .child = shape->name, .parent = NULL};

    read_foreign_key_list(s, arena, &list);
    for (size_t i = 0; i < list.count / 2; i++) {
        const struct mig_shape_foreign_key key = list.keys[i];

        list.keys[i] = list.keys[list.count - 1 - i];
        list.keys[list.count - 1 - i] = key;
    }
    shape->foreign_keys = list.keys;
    shape->foreign_key_count = list.count;
}

/* True when the word, which is not empty, stands anywhere in the text; A-Z and a-z are the same. */
static bool is_in(const char *text, const char *word)
{
    const int length = (int)strlen(word);
    const char first[] = {*word, (char)(*word ^ 0x20), '\0'};

    for (const char *at = strpbrk(text, first); at != NULL; at = strpbrk(at + 1, first))
        if (sqlite3_strnicmp(at, word, length) == 0)
            return true;
    return false;
}

/*
 * Whether the text of a table can hold a foreign key to that one. A name that may be written with a quote
 * doubled is not looked for.
 */
static bool may_refer(const char *sql, const char *table)
{
    return (table[0] == '\0' || strpbrk(table, "\"'`") != NULL || is_in(sql, table)) &&
           is_in(sql, "references");
}

const struct mig_shape_foreign_key *mig_shape_children(struct mig_session *s,
                                                       struct mig_arena *arena,
                                                       const char *table, size_t *out_count)
{
    struct key_list list = {.keys = NULL, .count = 0, .child = NULL, .parent = table};
    sqlite3_stmt *query = mig_query_prepare(
        s, "SELECT name,sql FROM main.sqlite_schema WHERE type='table' AND rootpage<>0");

    while (mig_query_step(s, query)) {
        const char *sql = (const char *)sqlite3_column_text(query, 1);

        if (sql != NULL && may_refer(sql, table)) {
            list.child = mig_keep_column(s, arena, query, 0);
            read_foreign_key_list(s, arena, &list);
        }
    }
    mig_query_finish(query);
    *out_count = mig_session_ok(s) ? list.count : 0;
    return mig_session_ok(s) ? list.keys : NULL;
}
