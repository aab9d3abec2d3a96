#include "compiler.h"

#include "violation.h"

/* Orphans of keys that are gone, and of keys that are new, are compared with one another. */
#define POOL 0

static bool is_same_key(const struct mig_foreign_key *a, const struct mig_foreign_key *b)
{
    return sqlite3_stricmp(a->child, b->child) == 0 &&
           sqlite3_stricmp(a->parent, b->parent) == 0 &&
           sqlite3_stricmp(a->values, b->values) == 0;
}

/* Gives the keys that are the same a group of their own; each key is in one pair at most. */
static void group_keys(struct mig_foreign_keys *before, struct mig_foreign_keys *now)
{
    size_t start = 0;

    for (size_t i = 0; i < before->key_count; i++)
        before->keys[i].group = POOL;
    for (size_t j = 0; j < now->key_count; j++) {
        struct mig_foreign_key *key = &now->keys[j];

        key->group = POOL;
        for (size_t n = 0; n < before->key_count; n++) {
            const size_t i = (start + n) % before->key_count;

            if (before->keys[i].group != POOL || !is_same_key(&before->keys[i], key))
                continue;
            key->group = before->keys[i].group = i + 1;
            /* Both are sorted alike, so the next one is most likely the next. */
            start = i + 1;
            break;
        }
    }
}

/* True when there was a key of that child, of that parent; NULL stands for any. */
static bool was_key(const struct mig_foreign_keys *before, const char *child,
                    const char *parent)
{
    for (size_t i = 0; i < before->key_count; i++)
        if ((child == NULL || sqlite3_stricmp(before->keys[i].child, child) == 0) &&
            (parent == NULL || sqlite3_stricmp(before->keys[i].parent, parent) == 0))
            return true;
    return false;
}

static bool is_newly_dangling(const struct mig_harm *harm,
                              const struct mig_foreign_keys *before,
                              const struct mig_foreign_key *key)
{
    if (!key->is_dangling || was_key(before, key->child, key->parent))
        return false;
    if (was_key(before, key->child, NULL) || mig_harm_alters(harm, key->child))
        return true;
    /* The child is new: made by the script, or an old one with a new name. */
    return mig_harm_renames_to(harm, key->parent) && !was_key(before, NULL, key->parent);
}

static void fail_dangling(struct mig_session *s, const struct mig_harm *harm,
                          const struct mig_foreign_keys *before,
                          const struct mig_foreign_keys *now)
{
    for (size_t i = 0; mig_session_ok(s) && i < now->key_count; i++) {
        const struct mig_foreign_key *key = &now->keys[i];
        const bool is_renamed = mig_harm_renames_to(harm, key->parent);

        if (!is_newly_dangling(harm, before, key))
            continue;
        mig_session_fail(s, MIG_FAILED, "table %s references table %s, which is not there%s",
                         key->child, key->parent, is_renamed ? " any more" : "");
        mig_session_hint(s, is_renamed ? "make the new table under another name, drop the old "
                                         "one, then rename the new one"
                                       : "create it first");
    }
}

/* A key that could not be checked before either: the same one, or one that is gone. */
static bool had_error(struct mig_foreign_keys *before, const struct mig_foreign_key *key)
{
    for (size_t i = 0; i < before->key_count; i++) {
        struct mig_foreign_key *old = &before->keys[i];

        if (old->error == NULL || old->group != key->group)
            continue;
        old->error = NULL;
        return true;
    }
    return false;
}

static void fail_mismatch(struct mig_session *s, struct mig_foreign_keys *before,
                          const struct mig_foreign_keys *now)
{
    for (size_t i = 0; mig_session_ok(s) && i < now->key_count; i++) {
        const struct mig_foreign_key *key = &now->keys[i];

        if (key->error == NULL || had_error(before, key))
            continue;
        mig_session_fail(s, MIG_FAILED, "the foreign keys of table %s cannot be checked%s: %s",
                         key->child, was_key(before, key->child, NULL) ? " any more" : "",
                         key->error);
        mig_session_hint(
            s, "a parent key needs a PRIMARY KEY or UNIQUE index of the same columns");
    }
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    if (a == b)
        return 0;
    return a < b ? -1 : 1;
}

static int compare_rowids(const struct mig_orphan *a, const struct mig_orphan *b)
{
    if (a->rowid == b->rowid)
        return 0;
    return a->rowid < b->rowid ? -1 : 1;
}

typedef int comparison(const void *left, const void *right);

static int by_value(const void *left, const void *right)
{
    const struct mig_orphan *a = left;
    const struct mig_orphan *b = right;
    const int order = compare_numbers(a->group, b->group);

    return order != 0 ? order : compare_numbers(a->value, b->value);
}

static int by_value_and_rowid(const void *left, const void *right)
{
    const int order = by_value(left, right);

    return order != 0 ? order : compare_rowids(left, right);
}

static int by_rowid(const void *left, const void *right)
{
    const struct mig_orphan *a = left;
    const struct mig_orphan *b = right;
    const int order = compare_numbers(a->group, b->group);

    return order != 0 ? order : compare_rowids(a, b);
}

/* True for what is not in a pair yet; with `same_row`, only where the rowid tells rows apart. */
static bool is_open(const struct mig_orphan *orphan, bool same_row)
{
    if (same_row && (!orphan->has_rowid || orphan->group == POOL))
        return false;
    return !orphan->is_matched;
}

/* Makes pairs of what is not in one and is equal by the comparison. */
static void match_orphans(struct mig_foreign_keys *before, struct mig_foreign_keys *now,
                          comparison *compare)
{
    const bool same_row = compare == by_rowid;
    size_t i = 0;
    size_t j = 0;

    qsort(before->orphans, before->orphan_count, sizeof(before->orphans[0]), compare);
    qsort(now->orphans, now->orphan_count, sizeof(now->orphans[0]), compare);
    while (i < before->orphan_count && j < now->orphan_count) {
        struct mig_orphan *old = &before->orphans[i];
        struct mig_orphan *orphan = &now->orphans[j];
        const int order = compare(old, orphan);

        if (order == 0 && is_open(old, same_row) && is_open(orphan, same_row))
            old->is_matched = orphan->is_matched = true;
        if (order < 0 || (order == 0 && !is_open(old, same_row)))
            i++;
        if (order > 0 || (order == 0 && !is_open(orphan, same_row)))
            j++;
    }
}

static void set_groups(struct mig_foreign_keys *found)
{
    for (size_t i = 0; i < found->orphan_count; i++)
        found->orphans[i].group = found->keys[found->orphans[i].key].group;
}

/* The first of the orphans without a pair, in the order of the keys; NULL when there is none. */
static const struct mig_orphan *find_new(const struct mig_foreign_keys *now)
{
    const struct mig_orphan *first = NULL;

    for (size_t i = 0; i < now->orphan_count; i++) {
        const struct mig_orphan *orphan = &now->orphans[i];

        if (!orphan->is_matched &&
            (first == NULL || orphan->key < first->key ||
             (orphan->key == first->key && orphan->rowid < first->rowid)))
            first = orphan;
    }
    return first;
}

/* Orphans without a pair of the same child and parent. */
static int64_t count_new(const struct mig_foreign_keys *now, const struct mig_foreign_key *key)
{
    int64_t count = 0;

    for (size_t i = 0; i < now->orphan_count; i++) {
        const struct mig_foreign_key *other = &now->keys[now->orphans[i].key];

        if (!now->orphans[i].is_matched && strcmp(other->child, key->child) == 0 &&
            sqlite3_stricmp(other->parent, key->parent) == 0)
            count++;
    }
    return count;
}

static void fail_orphans(struct mig_session *s, struct mig_foreign_keys *before,
                         struct mig_foreign_keys *now)
{
    static comparison *const comparisons[] = {by_value_and_rowid, by_value, by_rowid};
    const struct mig_orphan *first;
    const struct mig_foreign_key *key;
    char place[48] = "";

    set_groups(before);
    set_groups(now);
    for (size_t i = 0; before->orphan_count > 0 && now->orphan_count > 0 && i < 3; i++)
        match_orphans(before, now, comparisons[i]);
    first = find_new(now);
    if (first == NULL)
        return;
    key = &now->keys[first->key];
    if (first->has_rowid)
        (void)snprintf(place, sizeof(place), " (the first has rowid %lld)",
                       (long long)first->rowid);
    mig_session_fail(
        s, MIG_FAILED,
        "foreign key violation: %lld rows of table %s have no parent in table %s%s",
        count_new(now, key), key->child, key->parent, place);
    mig_session_hint(s,
                     "repair the rows in the same operation; PRAGMA foreign_key_check(\"%w\") "
                     "lists them",
                     key->child);
}

void mig_violations_fail(struct mig_session *s, const struct mig_harm *harm,
                         struct mig_foreign_keys *before, struct mig_foreign_keys *now)
{
    if (!mig_session_ok(s))
        return;
    group_keys(before, now);
    fail_dangling(s, harm, before, now);
    fail_mismatch(s, before, now);
    if (mig_session_ok(s))
        fail_orphans(s, before, now);
}
