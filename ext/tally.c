#include "compiler.h"

#include "tally.h"

#include "query.h"
#include "schema.h"

/* Odd numbers without pattern: the fractional parts of square roots. */
#define FACTOR  UINT64_C(0x9e3779b97f4a7c15)
#define FACTOR2 UINT64_C(0xbb67ae8584caa73b)
#define FACTOR3 UINT64_C(0x3c6ef372fe94f82b)

/* Makes each bit of the result depend on each bit of the number. */
static uint64_t mix(uint64_t number)
{
    number ^= number >> 32;
    number *= FACTOR;
    number ^= number >> 29;
    number *= FACTOR2;
    number ^= number >> 32;
    return number;
}

static uint64_t hash_bytes(const void *bytes, size_t length, uint64_t hash)
{
    const unsigned char *at = bytes;
    uint64_t word = 0;

    hash ^= length * FACTOR3;
    for (; length >= sizeof(word); length -= sizeof(word), at += sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        hash = (hash ^ word) * FACTOR;
        hash ^= hash >> 29;
    }
    word = 0;
    if (length > 0)
        memcpy(&word, at, length);
    return mix((hash ^ word) * FACTOR2);
}

/* The hash of a value, its type included. */
static uint64_t hash_value(sqlite3_stmt *query, int column)
{
    const int type = sqlite3_column_type(query, column);
    const uint64_t start = (uint64_t)(unsigned)type * FACTOR3;
    const void *bytes;
    double real;

    switch (type) {
    case SQLITE_INTEGER:
        return mix(start ^ (uint64_t)sqlite3_column_int64(query, column));
    case SQLITE_FLOAT:
        real = sqlite3_column_double(query, column);
        return hash_bytes(&real, sizeof(real), start);
    case SQLITE_TEXT:
        bytes = sqlite3_column_text(query, column);
        return hash_bytes(bytes, (size_t)sqlite3_column_bytes(query, column), start);
    case SQLITE_BLOB:
        bytes = sqlite3_column_blob(query, column);
        return hash_bytes(bytes, (size_t)sqlite3_column_bytes(query, column), start);
    default:
        return mix(start);
    }
}

/* Notes the columns; *out_seeds is an array of a number for each, which tells it from the others. */
static void name_columns(struct mig_session *s, struct mig_arena *arena, sqlite3_stmt *query,
                         struct mig_tally *tally, uint64_t **out_seeds)
{
    const int count = query == NULL ? 0 : sqlite3_column_count(query);

    tally->columns = mig_arena_alloc(s, arena, ((size_t)count + 1) * sizeof(*tally->columns));
    *out_seeds = mig_arena_alloc(s, arena, ((size_t)count + 1) * sizeof(**out_seeds));
    for (int i = 0; i < count && mig_session_ok(s); i++) {
        const char *name = sqlite3_column_name(query, i);
        char *lower = name == NULL ? NULL : mig_arena_copy(s, arena, name, strlen(name));

        if (name == NULL)
            mig_session_fail_memory(s);
        if (lower == NULL)
            continue;
        tally->columns[i].name = lower;
        (*out_seeds)[i] = 0;
        for (; *name != '\0'; name++)
            (*out_seeds)[i] = mix((*out_seeds)[i] ^ (unsigned char)(*name | 0x20));
        tally->column_count++;
    }
}

static void add_row(sqlite3_stmt *query, const uint64_t *seeds, struct mig_tally *tally)
{
    uint64_t row = 0;

    for (size_t i = 0; i < tally->column_count; i++) {
        const uint64_t value = hash_value(query, (int)i);

        tally->columns[i].sum += value;
        row += mix(value ^ seeds[i]);
    }
    tally->sum[0] += mix(row);
    tally->sum[1] += mix(row ^ FACTOR3);
    tally->rows++;
}

void mig_tally_take(struct mig_session *s, struct mig_arena *arena, const char *table,
                    struct mig_tally *out_tally)
{
    struct mig_session probe;
    sqlite3_stmt *query;
    uint64_t *seeds;

    memset(out_tally, 0, sizeof(*out_tally));
    if (!mig_session_ok(s))
        return;
    out_tally->is_there = mig_schema_has_table(s, table);
    mig_session_init(&probe, s->db, s->options);
    query = out_tally->is_there ? mig_query_prepare(&probe, "SELECT * FROM main.\"%w\"", table)
                                : NULL;
    name_columns(&probe, arena, query, out_tally, &seeds);
    while (query != NULL && mig_query_step(&probe, query))
        add_row(query, seeds, out_tally);
    mig_query_finish(query);
    out_tally->is_known = mig_session_ok(&probe);
    if (probe.outcome == MIG_NO_MEMORY || probe.outcome == MIG_INTERRUPTED)
        mig_session_take(s, &probe);
    mig_session_release(&probe);
}

bool mig_tally_is_same(const struct mig_tally *left, const struct mig_tally *right)
{
    return left->is_known && right->is_known && left->is_there == right->is_there &&
           left->rows == right->rows && left->sum[0] == right->sum[0] &&
           left->sum[1] == right->sum[1];
}

const uint64_t *mig_tally_sum(const struct mig_tally *tally, const char *column)
{
    for (size_t i = 0; i < tally->column_count; i++)
        if (sqlite3_stricmp(tally->columns[i].name, column) == 0)
            return &tally->columns[i].sum;
    return NULL;
}
