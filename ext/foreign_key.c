#include "compiler.h"

#include "foreign_key.h"

#include "query.h"
#include "schema.h"

bool mig_foreign_keys_enforced(const struct mig_session *s)
{
    int on = 0;

    /* Cannot fail for this setting: it is a flag of the connection. */
    (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &on);
    return on != 0;
}

void mig_foreign_keys_enforce(struct mig_session *s, bool on)
{
    /* Setting the flag makes the connection prepare its statements anew, so only when it changes. */
    if (mig_foreign_keys_enforced(s) != on)
        (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, on ? 1 : 0, NULL);
}

bool mig_foreign_keys_deferred(const struct mig_session *s)
{
    int current = 0;
    int highest = 0;

    (void)sqlite3_db_status(s->db, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0);
    return current != 0;
}

/* The text of a column that is never NULL. */
static const char *column_text(struct mig_session *s, sqlite3_stmt *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query, column);

    if (text == NULL)
        mig_session_fail_memory(s);
    return text;
}

/* Forgets a failure that is a finding, and takes over one that is a failure of the search too. */
static void end_probe(struct mig_session *s, struct mig_session *probe)
{
    if (probe->outcome == MIG_FAILED)
        mig_session_release(probe);
    if (!mig_session_ok(probe))
        mig_session_take(s, probe);
}

static bool is_satisfied(struct mig_session *s, const char *database)
{
    struct mig_session probe;
    sqlite3_stmt *query;
    bool satisfied;

    mig_session_init(&probe, s->db, s->options);
    query = mig_query_prepare(&probe, "PRAGMA \"%w\".foreign_key_check", database);
    satisfied = !mig_query_step(&probe, query) && mig_session_ok(&probe);
    mig_query_finish(query);
    end_probe(s, &probe);
    return satisfied;
}

bool mig_foreign_keys_satisfied(struct mig_session *s)
{
    sqlite3_stmt *query = mig_query_prepare(s, "SELECT name FROM pragma_database_list");
    bool satisfied = true;

    while (satisfied && mig_query_step(s, query)) {
        const char *database = column_text(s, query, 0);

        satisfied = database != NULL && is_satisfied(s, database);
    }
    mig_query_finish(query);
    return satisfied && mig_session_ok(s);
}

void mig_foreign_keys_init(struct mig_foreign_keys *found)
{
    memset(found, 0, sizeof(*found));
}

void mig_foreign_keys_release(struct mig_foreign_keys *found)
{
    mig_arena_release(&found->arena);
    sqlite3_free(found->keys);
    sqlite3_free(found->orphans);
    mig_foreign_keys_init(found);
}

static void add_key(struct mig_session *s, struct mig_foreign_keys *found, const char *child,
                    const char *parent, int64_t id)
{
    void *list = found->keys;
    struct mig_foreign_key *key =
        mig_array_add(s, &list, found->key_count, &found->key_capacity, sizeof(*key));

    found->keys = list;
    if (key == NULL)
        return;
    key->child = mig_arena_text(s, &found->arena, child);
    key->parent = mig_arena_text(s, &found->arena, parent);
    key->id = id;
    found->key_count++;
}

static void read_keys(struct mig_session *s, const struct mig_harm *harm, bool all,
                      struct mig_foreign_keys *found)
{
    sqlite3_stmt *query =
        mig_query_prepare(s, "SELECT m.name,f.\"table\",f.id FROM main.sqlite_schema AS m,"
                             "pragma_foreign_key_list(m.name,'main') AS f WHERE m.type='table' "
                             "AND instr(lower(m.sql),'references') AND f.seq=0 ORDER BY 1,2,3");

    while (mig_query_step(s, query)) {
        const char *child = column_text(s, query, 0);
        const char *parent = column_text(s, query, 1);

        if (!mig_session_ok(s))
            break;
        if (all || mig_harm_names(harm, child) || mig_harm_names(harm, parent))
            add_key(s, found, child, parent, sqlite3_column_int64(query, 2));
    }
    mig_query_finish(query);
}

/* Moves a text from its builder to the arena. */
static const char *end_text(struct mig_session *s, struct mig_arena *arena,
                            sqlite3_str *builder)
{
    char *built = sqlite3_str_finish(builder);
    const char *text = built == NULL ? "" : mig_arena_text(s, arena, built);

    sqlite3_free(built);
    return text;
}

/* SQL that a key is searched with. */
struct columns {
    sqlite3_str *values;
    sqlite3_str *set;
    sqlite3_str *match;
    sqlite3_str *names; /* of the parent key: 'a','b' */
    int64_t count;
};

static void begin_columns(struct mig_session *s, struct columns *columns)
{
    columns->values = sqlite3_str_new(s->db);
    columns->set = sqlite3_str_new(s->db);
    columns->match = sqlite3_str_new(s->db);
    columns->names = sqlite3_str_new(s->db);
    columns->count = 0;
}

/* Without a name for the parent's column, the table has no primary key of so many columns. */
static void add_column(struct columns *columns, const char *from, const char *to)
{
    sqlite3_str_appendf(columns->values, ",c.\"%w\"", from);
    sqlite3_str_appendf(columns->set, " AND c.\"%w\" IS NOT NULL", from);
    /* The plus takes the affinity of the child's column away, so that the parent's counts. */
    sqlite3_str_appendf(columns->match, " AND p.\"%w\"=+c.\"%w\"", to == NULL ? "" : to, from);
    sqlite3_str_appendf(columns->names, "%s%Q", columns->count == 0 ? "" : ",", to);
    columns->count++;
}

/* The texts of *key; the names of the parent's columns are what comes back. */
static const char *end_columns(struct mig_session *s, struct mig_arena *arena,
                               struct columns *columns, struct mig_foreign_key *key)
{
    const bool failed = sqlite3_str_errcode(columns->values) != SQLITE_OK ||
                        sqlite3_str_errcode(columns->set) != SQLITE_OK ||
                        sqlite3_str_errcode(columns->match) != SQLITE_OK ||
                        sqlite3_str_errcode(columns->names) != SQLITE_OK;

    if (failed)
        mig_session_fail_memory(s);
    key->values = end_text(s, arena, columns->values);
    key->set = end_text(s, arena, columns->set);
    key->match = end_text(s, arena, columns->match);
    return end_text(s, arena, columns->names);
}

/* Notes that the key cannot be checked, in SQLite's words. */
static void set_error(struct mig_session *s, struct mig_arena *arena,
                      struct mig_foreign_key *key)
{
    char *text = sqlite3_mprintf("foreign key mismatch - \"%w\" referencing \"%w\"", key->child,
                                 key->parent);

    if (text == NULL)
        mig_session_fail_memory(s);
    key->error = mig_arena_text(s, arena, text);
    sqlite3_free(text);
}

/* True when the parent has a primary key, or a unique index, of just the columns `names`. */
static bool has_parent_key(struct mig_session *s, const char *parent, const char *names,
                           int64_t count)
{
    return mig_query_integer(
               s, 0,
               "SELECT (SELECT count(*)=%lld AND total(name COLLATE nocase IN(%s))=%lld "
               "FROM pragma_table_info(%Q,'main') WHERE pk>0) OR EXISTS(SELECT 1 "
               "FROM pragma_index_list(%Q,'main') AS i WHERE i.\"unique\" AND NOT i.partial "
               "AND (SELECT count(*)=%lld AND total(name COLLATE nocase IN(%s))=%lld "
               "FROM pragma_index_info(i.name,'main')))",
               count, names, count, parent, parent, count, names, count) != 0;
}

/* Reads the columns of the key; the names of the parent's columns are what comes back. */
static const char *read_columns(struct mig_session *s, struct mig_arena *arena,
                                struct mig_foreign_key *key, bool has_parent,
                                int64_t *out_count)
{
    struct columns columns;
    sqlite3_stmt *query = mig_query_prepare(
        s,
        "SELECT f.\"from\",coalesce(f.\"to\",(SELECT t.name FROM pragma_table_info(%Q,'main') "
        "AS t WHERE t.pk=f.seq+1)) FROM pragma_foreign_key_list(%Q,'main') AS f "
        "WHERE f.id=%lld ORDER BY f.seq",
        has_parent ? key->parent : "", key->child, key->id);

    begin_columns(s, &columns);
    while (mig_query_step(s, query)) {
        const char *from = column_text(s, query, 0);

        if (from != NULL)
            add_column(&columns, from, (const char *)sqlite3_column_text(query, 1));
    }
    mig_query_finish(query);
    *out_count = columns.count;
    return end_columns(s, arena, &columns, key);
}

/* Reads the key. `is_sound`: SQLite finds nothing wrong with any key of the child. */
static void read_key(struct mig_session *s, struct mig_arena *arena, bool is_sound,
                     struct mig_foreign_key *key)
{
    const bool has_parent = mig_schema_has_table(s, key->parent);
    int64_t count = 0;
    const char *names = read_columns(s, arena, key, has_parent, &count);

    if (!has_parent)
        key->is_dangling =
            mig_query_integer(s, 0,
                              "SELECT NOT EXISTS(SELECT 1 FROM main.sqlite_schema "
                              "WHERE type='view' AND name=%Q COLLATE nocase)",
                              key->parent) != 0;
    if (!is_sound && mig_session_ok(s) && !key->is_dangling &&
        !has_parent_key(s, key->parent, names, count))
        set_error(s, arena, key);
}

/* What SQLite says against the keys of the child: the arena's; NULL when it says nothing. */
static const char *probe_child(struct mig_session *s, struct mig_arena *arena,
                               const char *child)
{
    const char *error = NULL;
    struct mig_session probe;

    if (!mig_session_ok(s))
        return NULL;
    mig_session_init(&probe, s->db, s->options);
    mig_query_finish(mig_query_prepare(&probe, "PRAGMA main.foreign_key_check(\"%w\")", child));
    if (probe.outcome == MIG_FAILED)
        error = mig_arena_text(s, arena, probe.message);
    end_probe(s, &probe);
    return error;
}

/*
 * Reads the keys [from, to), which are of one child. SQLite has the last word whether they can be
 * checked, but it answers for the child as a whole. Which key it is about is found out here; where
 * that fails, for a collation perhaps, it is about all.
 */
static void read_child(struct mig_session *s, struct mig_foreign_keys *found, size_t from,
                       size_t to)
{
    const char *error = probe_child(s, &found->arena, found->keys[from].child);
    bool is_explained = error == NULL;

    for (size_t i = from; mig_session_ok(s) && i < to; i++) {
        read_key(s, &found->arena, error == NULL, &found->keys[i]);
        is_explained |= found->keys[i].error != NULL;
    }
    for (size_t i = from; !is_explained && i < to; i++)
        if (!found->keys[i].is_dangling)
            found->keys[i].error = error;
}

/* FNV-1a over the child's columns as text, which is the same after a change of affinity. */
static uint64_t hash_row(struct mig_session *s, sqlite3_stmt *query)
{
    const int columns = sqlite3_column_count(query);
    uint64_t hash = 0xcbf29ce484222325U;

    for (int i = 1; i < columns; i++) {
        const unsigned char *text = sqlite3_column_text(query, i);
        const int length = sqlite3_column_bytes(query, i);

        /* An empty blob has no bytes; that there are none for lack of memory shows in the type. */
        if (text == NULL && sqlite3_column_type(query, i) != SQLITE_BLOB)
            mig_session_fail_memory(s);
        for (int j = 0; text != NULL && j < length; j++)
            hash = (hash ^ text[j]) * 0x100000001b3U;
        hash = (hash ^ (unsigned)length ^ 0x100U) * 0x100000001b3U;
    }
    return hash;
}

static void add_orphan(struct mig_session *s, struct mig_foreign_keys *found, size_t key,
                       sqlite3_stmt *query)
{
    void *list = found->orphans;
    struct mig_orphan *orphan =
        mig_array_add(s, &list, found->orphan_count, &found->orphan_capacity, sizeof(*orphan));

    found->orphans = list;
    if (orphan == NULL)
        return;
    orphan->key = key;
    orphan->has_rowid = sqlite3_column_type(query, 0) != SQLITE_NULL;
    orphan->rowid = sqlite3_column_int64(query, 0);
    orphan->value = hash_row(s, query);
    found->orphan_count++;
}

/* True when the table has a rowid, or a column of that name. */
static bool has_rowid(struct mig_session *s, const char *table)
{
    const int code = sqlite3_table_column_metadata(s->db, "main", table, "_rowid_", NULL, NULL,
                                                   NULL, NULL, NULL);

    if (code == SQLITE_NOMEM)
        mig_session_fail_memory(s);
    return code == SQLITE_OK;
}

static void search_rows(struct mig_session *s, struct mig_foreign_keys *found, size_t index)
{
    const struct mig_foreign_key *key = &found->keys[index];
    char *parent = NULL;
    sqlite3_stmt *query;

    if (!mig_session_ok(s) || key->error != NULL)
        return;
    if (!key->is_dangling) {
        parent = sqlite3_mprintf(" AND NOT EXISTS(SELECT 1 FROM main.\"%w\" AS p WHERE 1%s)",
                                 key->parent, key->match);
        if (parent == NULL)
            mig_session_fail_memory(s);
    }
    query = mig_query_prepare(s, "SELECT %s%s FROM main.\"%w\" AS c WHERE 1%s%s",
                              has_rowid(s, key->child) ? "c._rowid_" : "NULL", key->values,
                              key->child, key->set, parent == NULL ? "" : parent);
    while (mig_query_step(s, query))
        add_orphan(s, found, index, query);
    mig_query_finish(query);
    sqlite3_free(parent);
}

/* The key behind the last one that is of the same child as the one at `from`. */
static size_t end_child(const struct mig_foreign_keys *found, size_t from)
{
    size_t to = from + 1;

    while (to < found->key_count && strcmp(found->keys[to].child, found->keys[from].child) == 0)
        to++;
    return to;
}

/*
 * Notes which of the keys [from, to), which are of one child, may have orphans: those for which
 * SQLite finds one, or all when it cannot say. It is several times faster than search_rows(), and
 * there are seldom any.
 */
static void suspect_keys(struct mig_session *s, struct mig_foreign_keys *found, size_t from,
                         size_t to)
{
    size_t left = to - from;
    struct mig_session probe;
    sqlite3_stmt *query;

    if (!mig_session_ok(s))
        return;
    mig_session_init(&probe, s->db, s->options);
    query = mig_query_prepare(&probe, "PRAGMA main.foreign_key_check(\"%w\")",
                              found->keys[from].child);
    while (left > 0 && mig_query_step(&probe, query)) {
        const int64_t id = sqlite3_column_int64(query, 3);

        for (size_t i = from; i < to; i++) {
            struct mig_foreign_key *key = &found->keys[i];

            if (key->id != id || key->is_suspect)
                continue;
            key->is_suspect = true;
            left--;
        }
    }
    mig_query_finish(query);
    for (size_t i = from; probe.outcome == MIG_FAILED && i < to; i++)
        found->keys[i].is_suspect = true;
    end_probe(s, &probe);
}

static void search_child(struct mig_session *s, struct mig_foreign_keys *found, size_t from,
                         size_t to)
{
    for (size_t i = from; i < to; i++)
        found->keys[i].is_suspect = false;
    suspect_keys(s, found, from, to);
    for (size_t i = from; i < to; i++)
        if (found->keys[i].is_suspect)
            search_rows(s, found, i);
}

/* Takes the keys of an earlier search over. Their texts stay where they are. */
static void copy_keys(struct mig_session *s, const struct mig_foreign_keys *from,
                      struct mig_foreign_keys *to)
{
    const size_t size = from->key_count * sizeof(from->keys[0]);

    if (!mig_session_ok(s) || size == 0)
        return;
    to->keys = sqlite3_malloc64(size);
    if (to->keys == NULL) {
        mig_session_fail_memory(s);
        return;
    }
    memcpy(to->keys, from->keys, size);
    to->key_count = to->key_capacity = from->key_count;
}

void mig_foreign_keys_find(struct mig_session *s, const struct mig_harm *harm,
                           enum mig_foreign_key_search search,
                           const struct mig_foreign_keys *before,
                           struct mig_foreign_keys *found)
{
    size_t next = 0;

    mig_foreign_keys_release(found);
    if (search == MIG_SEARCH_NOTHING)
        return;
    found->schema_version = mig_schema_version(s);
    if (before != NULL && before->schema_version == found->schema_version) {
        copy_keys(s, before, found);
    } else {
        read_keys(s, harm, search == MIG_SEARCH_ALL, found);
        for (size_t i = 0; mig_session_ok(s) && i < found->key_count; i = next) {
            next = end_child(found, i);
            read_child(s, found, i, next);
        }
    }
    for (size_t i = 0; search != MIG_SEARCH_KEYS && i < found->key_count; i = next) {
        next = end_child(found, i);
        search_child(s, found, i, next);
    }
}
