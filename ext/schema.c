#include "compiler.h"

#include "schema.h"

#include "query.h"
#include "token.h"
#include "tracking.h"

/* What is folded at once. */
#define FOLD_BYTES 512

static char fold(char byte)
{
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz";

    if (byte < 'A' || byte > 'Z')
        return byte;
    return lower[byte - 'A'];
}

/* Adds bytes with A-Z made lower case; of a byte `doubled` that stands twice, one is left out. */
static void add_lower(struct mig_digest *digest, const char *text, size_t length, char doubled)
{
    char folded[FOLD_BYTES];
    size_t used = 0;

    for (size_t i = 0; i < length; i++) {
        folded[used++] = fold(text[i]);
        if (doubled != '\0' && text[i] == doubled && i + 1 < length && text[i + 1] == doubled)
            i++;
        if (used == sizeof(folded)) {
            mig_digest_add(digest, folded, used);
            used = 0;
        }
    }
    mig_digest_add(digest, folded, used);
}

static void add_folded(struct mig_digest *digest, const struct mig_token *token)
{
    if (token->kind == MIG_TOKEN_STRING)
        mig_digest_add(digest, token->text, token->length);
    else if (token->kind == MIG_TOKEN_NAME && token->text[0] == '[')
        add_lower(digest, token->text + 1, token->length - 2, '\0');
    else if (token->kind == MIG_TOKEN_NAME)
        add_lower(digest, token->text + 1, token->length - 2, token->text[0]);
    else
        add_lower(digest, token->text, token->length, '\0');
}

/* Adds a text whose case does not matter, and a NUL. */
static void add_name(struct mig_digest *digest, const char *name)
{
    add_lower(digest, name, strlen(name), '\0');
    mig_digest_add(digest, "", 1);
}

static void add_sql(struct mig_digest *digest, const char *sql)
{
    const size_t length = strlen(sql);
    size_t position = 0;
    struct mig_token token = mig_token_next(sql, length, &position);

    while (token.kind != MIG_TOKEN_END) {
        add_folded(digest, &token);
        mig_digest_add(digest, "", 1);
        token = mig_token_next(sql, length, &position);
    }
    mig_digest_add(digest, "", 1);
}

/* Shadow tables are asked for only where there are virtual tables: the list of all tables is not
 * cheap. */
sqlite3_stmt *mig_schema_select(struct mig_session *s)
{
    const bool has_virtual =
        mig_query_integer(
            s, 0,
            "SELECT EXISTS(SELECT 1 FROM main.sqlite_schema WHERE type='table' AND "
            "rootpage=0)") != 0;
    const char *shadows =
        has_virtual
            ? "AND tbl_name NOT IN(SELECT name FROM pragma_table_list WHERE schema='main' "
              "AND type='shadow')"
            : "";

    return mig_query_prepare(
        s,
        "SELECT type,name,tbl_name,sql FROM main.sqlite_schema WHERE sql IS NOT "
        "NULL AND name NOT LIKE 'sqlite\\_%%' ESCAPE '\\' %s ORDER BY type,lower(name)",
        shadows);
}

void mig_schema_fingerprint(struct mig_session *s, char out_hex[MIG_DIGEST_SIZE])
{
    sqlite3_stmt *query = mig_schema_select(s);
    struct mig_digest digest;

    out_hex[0] = '\0';
    mig_digest_begin(&digest);
    while (mig_query_step(s, query)) {
        const char *type = (const char *)sqlite3_column_text(query, 0);
        const char *name = (const char *)sqlite3_column_text(query, 1);
        const char *table = (const char *)sqlite3_column_text(query, 2);
        const char *sql = (const char *)sqlite3_column_text(query, 3);

        if (type == NULL || name == NULL || table == NULL || sql == NULL) {
            mig_session_fail_memory(s);
        } else if (!mig_tracking_is_own(s, table)) {
            mig_digest_add(&digest, type, strlen(type) + 1);
            add_name(&digest, name);
            add_sql(&digest, sql);
        }
    }
    mig_query_finish(query);
    if (!mig_digest_end(&digest, out_hex))
        mig_session_fail_memory(s);
    if (!mig_session_ok(s))
        out_hex[0] = '\0';
}

void mig_schema_note(struct mig_session *s)
{
    char hex[MIG_DIGEST_SIZE];

    mig_schema_fingerprint(s, hex);
    mig_tracking_note_fingerprint(s, hex);
}

int64_t mig_schema_version(struct mig_session *s)
{
    return mig_query_integer(s, 0, "PRAGMA main.schema_version");
}

bool mig_schema_has_table(struct mig_session *s, const char *name)
{
    int code;

    if (!mig_session_ok(s))
        return false;
    code =
        sqlite3_table_column_metadata(s->db, "main", name, NULL, NULL, NULL, NULL, NULL, NULL);
    /* Any other code says that it is not there. */
    if (code == SQLITE_NOMEM)
        mig_session_fail_memory(s);
    return code == SQLITE_OK;
}

bool mig_schema_is_mentioned(struct mig_session *s, const char *name)
{
    return mig_query_integer(s, 1,
                             "SELECT EXISTS(SELECT 1 FROM main.sqlite_schema WHERE type "
                             "IN('view','trigger') AND instr(lower(sql),lower(%Q))>0)",
                             name) != 0;
}

bool mig_schema_has_word(struct mig_session *s, const char *word)
{
    return mig_query_integer(s, 1,
                             "SELECT EXISTS(SELECT 1 FROM main.sqlite_schema WHERE "
                             "type='table' AND instr(upper(sql),upper(%Q))>0)",
                             word) != 0;
}

const char *mig_schema_table_of_index(struct mig_session *s, struct mig_arena *arena,
                                      const char *index)
{
    sqlite3_stmt *query = mig_query_prepare(
        s,
        "SELECT tbl_name FROM main.sqlite_schema WHERE type='index' AND name=%Q COLLATE nocase",
        index);
    const char *table = NULL;

    if (mig_query_step(s, query))
        table = mig_arena_text(s, arena, (const char *)sqlite3_column_text(query, 0));
    mig_query_finish(query);
    return table;
}
