#include "compiler.h"

#include "difference.h"

#include "definition.h"
#include "keep.h"

/* True when the key compares as its column does, by default. */
static bool follows_column(const struct mig_shape *shape, const struct mig_shape_key *key)
{
    const struct mig_shape_column *column =
        key->column == NULL ? NULL : mig_shape_column(shape, key->column);

    return column != NULL && sqlite3_stricmp(column->collation, key->collation) == 0;
}

static bool is_same_value(const struct mig_shape_key *first, const struct mig_shape_key *second)
{
    if (first->column != NULL && second->column != NULL)
        return sqlite3_stricmp(first->column, second->column) == 0;
    return first->column == second->column && mig_sql_same(first->text, second->text);
}

static bool is_same_collation(const struct mig_shape_key *first,
                              const struct mig_shape_key *second)
{
    return sqlite3_stricmp(first->collation, second->collation) == 0;
}

/* True when the index of `after` does what that of `before` did. */
static bool does_the_same(const struct mig_difference *difference,
                          const struct mig_shape_index *before,
                          const struct mig_shape_index *after)
{
    if (before->key_count != after->key_count || (before->is_unique && !after->is_unique) ||
        !mig_sql_same(before->where, after->where))
        return false;
    for (size_t i = 0; i < before->key_count; i++) {
        const struct mig_shape_key *one = &before->keys[i];
        const struct mig_shape_key *other = &after->keys[i];
        const bool follow =
            follows_column(difference->before, one) && follows_column(difference->after, other);

        if (!is_same_value(one, other) || one->is_descending != other->is_descending ||
            (!follow && !is_same_collation(one, other)))
            return false;
    }
    return true;
}

/* True when one of the keys of `index` is that of `key`. */
static bool holds_key(const struct mig_shape_index *index, const struct mig_shape_key *key,
                      bool by_collation)
{
    for (size_t i = 0; i < index->key_count; i++)
        if (is_same_value(&index->keys[i], key) &&
            (!by_collation || is_same_collation(&index->keys[i], key)))
            return true;
    return false;
}

/* True when rows that `narrow` tells apart are told apart by `wide` too: it has all of its keys. */
static bool is_within(const struct mig_shape_index *narrow, const struct mig_shape_index *wide,
                      bool by_collation)
{
    if (!narrow->is_unique ||
        (narrow->where != NULL && !mig_sql_same(narrow->where, wide->where)))
        return false;
    for (size_t i = 0; i < narrow->key_count; i++)
        if (!holds_key(wide, &narrow->keys[i], by_collation))
            return false;
    return true;
}

/* True when the only key is the column that is the rowid. */
static bool is_rowid_key(const struct mig_shape *shape, const struct mig_shape_key *key)
{
    return shape->rowid_column != NULL && key->column != NULL &&
           sqlite3_stricmp(shape->rowid_column, key->column) == 0;
}

static bool holds_rowid(const struct mig_shape *shape, const struct mig_shape_index *index)
{
    for (size_t i = 0; i < index->key_count; i++)
        if (is_rowid_key(shape, &index->keys[i]))
            return true;
    return false;
}

/* "a, b DESC" and what follows it: the keys of the index as a person reads them. */
static const char *describe(const struct mig_difference *difference,
                            const struct mig_shape *shape, const struct mig_shape_index *index)
{
    sqlite3_str *text = sqlite3_str_new(difference->s->db);

    sqlite3_str_appendall(text, "(");
    for (size_t i = 0; i < index->key_count; i++) {
        const struct mig_shape_key *key = &index->keys[i];
        const bool is_plain = key->column != NULL
                                  ? follows_column(shape, key)
                                  : sqlite3_stricmp(key->collation, "BINARY") == 0;

        sqlite3_str_appendf(text, "%s%s", i == 0 ? "" : ", ",
                            key->column != NULL ? key->column : key->text);
        if (!is_plain)
            sqlite3_str_appendf(text, " COLLATE %s", key->collation);
        if (key->is_descending)
            sqlite3_str_appendall(text, " DESC");
    }
    sqlite3_str_appendall(text, ")");
    if (index->where != NULL)
        sqlite3_str_appendf(text, " WHERE %s", index->where);
    return mig_keep_built(difference->s, difference->arena, text);
}

/* The column that an index of one column is about. */
static const char *only_column(const struct mig_shape_index *index)
{
    return index->key_count == 1 ? index->keys[0].column : NULL;
}

/* A wider key would let no duplicates in either, but foreign keys and ON CONFLICT need just this one. */
static bool is_kept_unique(const struct mig_difference *difference,
                           const struct mig_shape_index *index)
{
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < after->index_count; i++)
        if (after->indexes[i].key_count == index->key_count &&
            is_within(&after->indexes[i], index, false))
            return true;
    return index->key_count == 1 && holds_rowid(after, index);
}

static bool was_unique(const struct mig_difference *difference,
                       const struct mig_shape_index *index)
{
    const struct mig_shape *before = difference->before;

    for (size_t i = 0; i < before->index_count; i++)
        if (is_within(&before->indexes[i], index, true))
            return true;
    return holds_rowid(before, index);
}

static void report_new_unique(const struct mig_difference *difference,
                              const struct mig_shape_index *index)
{
    static const char *const words[] = {
        [MIG_ORIGIN_INDEX] = "the unique index",
        [MIG_ORIGIN_UNIQUE] = "UNIQUE",
        [MIG_ORIGIN_PRIMARY_KEY] = "PRIMARY KEY",
    };
    const bool has_name = index->origin == MIG_ORIGIN_INDEX;
    const struct mig_change change = {.rule = MIG_RULE_UNIQUE_VIOLATED,
                                      .object = has_name ? index->name : NULL,
                                      .column = only_column(index),
                                      .question = MIG_QUESTION_DUPLICATES,
                                      .index = index};

    mig_difference_report(
        difference, &change, "%s%s%s %s of %s is new: rows that are equal there fail",
        words[index->origin], has_name ? " " : "", has_name ? index->name : "",
        describe(difference, difference->after, index), difference->before->name);
}

/* A column that is the rowid from now on is a unique key without an index. */
static void look_at_new_rowid(const struct mig_difference *difference)
{
    const char *name = difference->after->rowid_column;
    struct mig_session *s = difference->s;
    struct mig_shape_index *index;

    if (name == NULL || mig_shape_column(difference->before, name) == NULL)
        return;
    index = mig_arena_alloc(s, difference->arena, sizeof(*index));
    if (index == NULL)
        return;
    index->name = name;
    index->origin = MIG_ORIGIN_PRIMARY_KEY;
    index->is_unique = true;
    index->keys = mig_arena_alloc(s, difference->arena, sizeof(*index->keys));
    if (index->keys == NULL)
        return;
    index->key_count = 1;
    index->keys[0].column = name;
    index->keys[0].text = mig_keep(s, difference->arena, sqlite3_mprintf("\"%w\"", name));
    index->keys[0].collation = "BINARY";
    if (!was_unique(difference, index))
        report_new_unique(difference, index);
}

void mig_difference_unique(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < before->index_count; i++) {
        const struct mig_shape_index *index = &before->indexes[i];

        if (index->origin == MIG_ORIGIN_UNIQUE && !is_kept_unique(difference, index))
            mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_CONSTRAINT,
                                  only_column(index), "UNIQUE %s of %s is gone",
                                  describe(difference, before, index), before->name);
    }
    for (size_t i = 0; i < after->index_count; i++)
        if (after->indexes[i].is_unique && !was_unique(difference, &after->indexes[i]))
            report_new_unique(difference, &after->indexes[i]);
    look_at_new_rowid(difference);
}

static bool has_index(const struct mig_difference *difference,
                      const struct mig_shape_index *index)
{
    for (size_t i = 0; i < difference->after->index_count; i++)
        if (does_the_same(difference, index, &difference->after->indexes[i]))
            return true;
    return false;
}

void mig_difference_indexes(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;

    for (size_t i = 0; i < before->index_count; i++) {
        const struct mig_shape_index *index = &before->indexes[i];
        const struct mig_shape_index *successor =
            mig_shape_index(difference->after, index->name);
        const struct mig_change change = {.rule = MIG_RULE_REBUILD_LOSES_INDEX,
                                          .object = index->name};
        const char *kind = index->is_unique ? "unique index" : "index";

        if (index->origin != MIG_ORIGIN_INDEX || has_index(difference, index))
            continue;
        if (successor == NULL)
            mig_difference_report(difference, &change, "the %s %s %s of %s is gone", kind,
                                  index->name, describe(difference, before, index),
                                  before->name);
        else
            mig_difference_report(
                difference, &change, "the index %s of %s is %s%s now, it was %s%s", index->name,
                before->name, successor->is_unique ? "unique " : "",
                describe(difference, difference->after, successor),
                index->is_unique ? "unique " : "", describe(difference, before, index));
    }
}

/* A key that points at its own table still does after the table has another name. */
static bool is_same_parent(const struct mig_difference *difference,
                           const struct mig_shape_foreign_key *before,
                           const struct mig_shape_foreign_key *after)
{
    return sqlite3_stricmp(before->parent, after->parent) == 0 ||
           (sqlite3_stricmp(before->parent, difference->before->name) == 0 &&
            sqlite3_stricmp(after->parent, difference->after->name) == 0);
}

/* Without names the parent's primary key is meant, which may be what the names of the other say. */
static bool is_same_reference(const struct mig_difference *difference,
                              const struct mig_shape_foreign_key *before,
                              const struct mig_shape_foreign_key *after)
{
    if (before->column_count != after->column_count ||
        !is_same_parent(difference, before, after))
        return false;
    for (size_t i = 0; i < before->column_count; i++) {
        const char *one = before->parent_columns[i];
        const char *other = after->parent_columns[i];

        if (sqlite3_stricmp(before->columns[i], after->columns[i]) != 0 ||
            (one != NULL && other != NULL && sqlite3_stricmp(one, other) != 0))
            return false;
    }
    return true;
}

/* "foreign key (a, b) of users to teams" */
static const char *describe_key(const struct mig_difference *difference,
                                const struct mig_shape_foreign_key *key)
{
    sqlite3_str *text = sqlite3_str_new(difference->s->db);

    sqlite3_str_appendall(text, "the foreign key (");
    for (size_t i = 0; i < key->column_count; i++)
        sqlite3_str_appendf(text, "%s%s", i == 0 ? "" : ", ", key->columns[i]);
    sqlite3_str_appendf(text, ") of %s to %s", difference->before->name, key->parent);
    return mig_keep_built(difference->s, difference->arena, text);
}

static void compare_actions(const struct mig_difference *difference,
                            const struct mig_shape_foreign_key *before,
                            const struct mig_shape_foreign_key *after)
{
    const enum mig_rule rule = MIG_RULE_REBUILD_LOSES_FOREIGN_KEY;
    const char *column = before->column_count == 1 ? before->columns[0] : NULL;
    const char *text = describe_key(difference, before);

    if (strcmp(before->on_delete, after->on_delete) != 0)
        mig_difference_simple(difference, rule, column, "%s is ON DELETE %s now, it was %s",
                              text, after->on_delete, before->on_delete);
    if (strcmp(before->on_update, after->on_update) != 0)
        mig_difference_simple(difference, rule, column, "%s is ON UPDATE %s now, it was %s",
                              text, after->on_update, before->on_update);
    if (before->is_deferred != after->is_deferred)
        mig_difference_simple(difference, rule, column, "%s is %s", text,
                              after->is_deferred ? "deferred now" : "not deferred any more");
}

static const struct mig_shape_foreign_key *find_key(const struct mig_difference *difference,
                                                    const struct mig_shape_foreign_key *before)
{
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < after->foreign_key_count; i++)
        if (is_same_reference(difference, before, &after->foreign_keys[i]))
            return &after->foreign_keys[i];
    return NULL;
}

static bool is_new_key(const struct mig_difference *difference,
                       const struct mig_shape_foreign_key *after)
{
    const struct mig_shape *before = difference->before;

    for (size_t i = 0; i < before->foreign_key_count; i++)
        if (is_same_reference(difference, &before->foreign_keys[i], after))
            return false;
    return true;
}

void mig_difference_foreign_keys(const struct mig_difference *difference)
{
    const struct mig_shape *before = difference->before;
    const struct mig_shape *after = difference->after;

    for (size_t i = 0; i < before->foreign_key_count; i++) {
        const struct mig_shape_foreign_key *key = &before->foreign_keys[i];
        const struct mig_shape_foreign_key *successor = find_key(difference, key);

        if (successor != NULL)
            compare_actions(difference, key, successor);
        else
            mig_difference_simple(difference, MIG_RULE_REBUILD_LOSES_FOREIGN_KEY,
                                  key->column_count == 1 ? key->columns[0] : NULL, "%s is gone",
                                  describe_key(difference, key));
    }
    for (size_t i = 0; i < after->foreign_key_count; i++) {
        const struct mig_shape_foreign_key *key = &after->foreign_keys[i];
        const struct mig_change change = {.rule = MIG_RULE_CHECK_VIOLATED,
                                          .column =
                                              key->column_count == 1 ? key->columns[0] : NULL,
                                          .question = MIG_QUESTION_ORPHANS,
                                          .foreign_key = key};

        if (is_new_key(difference, key))
            mig_difference_report(difference, &change,
                                  "%s is new: rows without their parent fail",
                                  describe_key(difference, key));
    }
}
