#include "compiler.h"

#include "reader.h"

#include "sqlite_api.h"

/* Bytes up to which tokens are read: a comment that is run ends them, too. */
static size_t limit_of(const struct mig_reader *r)
{
    return r->run_to != 0 && r->run_to < r->length ? r->run_to : r->length;
}

/* Leaves a comment that is run, where it ends here. */
static void leave_comment(struct mig_reader *r)
{
    if (r->run_to == 0 || r->at < r->run_to)
        return;
    r->at = r->run_to + 2;
    if (r->at > r->length)
        r->at = r->length;
    r->run_to = 0;
}

/* Passes over what means nothing, or enters a comment that is run. False when the token means something. */
static bool skip_token(struct mig_reader *r)
{
    size_t run = 0;

    if (r->token.kind == MIG_FOREIGN_BLOCK_COMMENT && r->run_to == 0)
        run = mig_foreign_run_comment(r->text + r->at, r->token.length, r->dialect);
    if (run > 0) {
        r->run_to = r->at + r->token.length - 2;
        r->at += run;
        return true;
    }
    if (r->token.kind != MIG_FOREIGN_SPACE && r->token.kind != MIG_FOREIGN_LINE_COMMENT &&
        r->token.kind != MIG_FOREIGN_BLOCK_COMMENT)
        return r->token.kind == MIG_FOREIGN_END && r->at < r->length;
    r->at += r->token.length;
    return true;
}

/* Reads the token at r->at, past what means nothing. */
static void read_token(struct mig_reader *r)
{
    do {
        leave_comment(r);
        r->token = mig_foreign_token_read(r->text + r->at, limit_of(r) - r->at, r->dialect);
    } while (skip_token(r));
}

void mig_reader_init(struct mig_reader *r, const char *text, size_t length,
                     enum mig_dialect dialect)
{
    *r = (struct mig_reader){.text = text, .length = length, .dialect = dialect};
    read_token(r);
}

bool mig_reader_is_end(const struct mig_reader *r)
{
    return r->token.kind == MIG_FOREIGN_END;
}

/* Passes over one token. */
static void step(struct mig_reader *r)
{
    r->at += r->token.length;
    read_token(r);
}

void mig_reader_pass(struct mig_reader *r)
{
    size_t depth = 0;

    do {
        if (r->token.kind == MIG_FOREIGN_OPEN)
            depth++;
        else if (r->token.kind == MIG_FOREIGN_CLOSE && depth > 0)
            depth--;
        step(r);
    } while (depth > 0 && !mig_reader_is_end(r));
}

/* True when the first of the words stands next; *length is its length. */
static bool is_first(const struct mig_reader *r, const char *words, size_t *length)
{
    const char *blank = strchr(words, ' ');

    *length = blank == NULL ? strlen(words) : (size_t)(blank - words);
    return r->token.kind == MIG_FOREIGN_WORD && r->token.length == *length &&
           sqlite3_strnicmp(r->text + r->at, words, (int)*length) == 0;
}

bool mig_reader_take(struct mig_reader *r, const char *words)
{
    struct mig_reader ahead = *r;
    size_t length;

    for (;;) {
        if (!is_first(&ahead, words, &length))
            return false;
        step(&ahead);
        if (words[length] == '\0')
            break;
        words += length + 1;
    }
    *r = ahead;
    return true;
}

bool mig_reader_take_one_of(struct mig_reader *r, const char *const *words)
{
    for (; *words != NULL; words++)
        if (mig_reader_take(r, *words))
            return true;
    return false;
}

bool mig_reader_is(const struct mig_reader *r, const char *words)
{
    struct mig_reader ahead = *r;

    return mig_reader_take(&ahead, words);
}

bool mig_reader_is_byte(const struct mig_reader *r, char byte)
{
    return r->token.length == 1 && r->token.kind != MIG_FOREIGN_WORD && r->text[r->at] == byte;
}

bool mig_reader_take_byte(struct mig_reader *r, char byte)
{
    const bool is_there = mig_reader_is_byte(r, byte);

    if (is_there)
        step(r);
    return is_there;
}

static bool is_name(const struct mig_reader *r)
{
    if (r->token.kind == MIG_FOREIGN_QUOTE)
        return r->text[r->at] == '"' ||
               (r->text[r->at] == '`' && r->dialect == MIG_DIALECT_MYSQL);
    return r->token.kind == MIG_FOREIGN_WORD;
}

static void add_byte(struct mig_reader_name *name, size_t *length, char byte)
{
    if (*length + 1 < sizeof(name->text))
        name->text[(*length)++] = byte;
    name->text[*length] = '\0';
}

/* Adds one part of a name, without quotes. */
static void add_part(const struct mig_reader *r, struct mig_reader_name *name, size_t *length)
{
    const char *part = r->text + r->at;
    static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
    const bool is_quoted = r->token.kind == MIG_FOREIGN_QUOTE;
    const bool folds = !is_quoted && r->dialect == MIG_DIALECT_POSTGRESQL;
    const size_t end = r->token.length - (is_quoted ? 1 : 0);

    for (size_t i = is_quoted ? 1 : 0; i < end; i++) {
        const bool is_upper = part[i] >= 'A' && part[i] <= 'Z';
        char byte = part[i];

        if (folds && is_upper)
            byte = lower[part[i] - 'A'];
        add_byte(name, length, byte);
        if (is_quoted && part[i] == part[0])
            i++;
    }
}

bool mig_reader_take_name(struct mig_reader *r, struct mig_reader_name *out_name)
{
    size_t length = 0;

    out_name->text[0] = '\0';
    if (!is_name(r))
        return false;
    for (;;) {
        add_part(r, out_name, &length);
        step(r);
        if (!mig_reader_is_byte(r, '.'))
            return true;
        step(r);
        if (!is_name(r))
            return true;
        add_byte(out_name, &length, '.');
    }
}

bool mig_reader_take_group(struct mig_reader *r, struct mig_reader *out_group)
{
    struct mig_reader ahead = *r;
    size_t depth = 1;

    if (r->token.kind != MIG_FOREIGN_OPEN)
        return false;
    step(r);
    *out_group = *r;
    while (!mig_reader_is_end(r)) {
        depth += r->token.kind == MIG_FOREIGN_OPEN ? 1 : 0;
        depth -= r->token.kind == MIG_FOREIGN_CLOSE ? 1 : 0;
        if (depth == 0)
            break;
        step(r);
    }
    out_group->length = r->at;
    read_token(out_group);
    *r = ahead;
    mig_reader_pass(r);
    return true;
}

bool mig_reader_take_item(struct mig_reader *r, struct mig_reader *out_item)
{
    if (mig_reader_is_end(r))
        return false;
    *out_item = *r;
    while (!mig_reader_is_end(r) && !mig_reader_is_byte(r, ','))
        mig_reader_pass(r);
    out_item->length = r->at;
    read_token(out_item);
    (void)mig_reader_take_byte(r, ',');
    return true;
}

bool mig_reader_seek(struct mig_reader *r, const char *words)
{
    struct mig_reader ahead = *r;

    while (!mig_reader_is_end(&ahead)) {
        if (mig_reader_take(&ahead, words)) {
            *r = ahead;
            return true;
        }
        mig_reader_pass(&ahead);
    }
    return false;
}

bool mig_reader_has(const struct mig_reader *r, const char *words)
{
    struct mig_reader ahead = *r;

    return mig_reader_seek(&ahead, words);
}

bool mig_reader_next_call(struct mig_reader *r, struct mig_reader_name *out_function)
{
    while (!mig_reader_is_end(r)) {
        if (mig_reader_take_byte(r, ':')) {
            if (mig_reader_take_byte(r, ':'))
                (void)mig_reader_take_name(r, out_function);
        } else if (!mig_reader_take_name(r, out_function)) {
            step(r);
        } else if (r->token.kind == MIG_FOREIGN_OPEN) {
            step(r);
            return true;
        }
    }
    return false;
}
