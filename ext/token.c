/*
 * Where each rule looks unusual, it is SQLite's own: a form feed may start a run of blanks and a
 * vertical tab may only go on with one, a byte order mark is a blank wherever a token can start,
 * and digits swallow the letters that follow them.
 */
#include "compiler.h"

#include "token.h"

/* What byte_at() gives behind the end of the text; no byte has this value. */
#define NO_BYTE (-1)

static int byte_at(const char *text, size_t length, size_t index)
{
    return index < length ? (unsigned char)text[index] : NO_BYTE;
}

static bool is_blank(int byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(int byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static bool is_hex_digit(int byte)
{
    return is_digit(byte) || (byte >= 'A' && byte <= 'F') || (byte >= 'a' && byte <= 'f');
}

static bool starts_word(int byte)
{
    return is_letter(byte) || byte == '_' || byte >= 0x80;
}

static bool continues_word(int byte)
{
    return starts_word(byte) || is_digit(byte) || byte == '$';
}

static bool starts_byte_order_mark(const char *text, size_t length)
{
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
}

static struct mig_token make_token(enum mig_token_kind kind, const char *text, size_t length)
{
    return (struct mig_token){.kind = kind, .text = text, .length = length};
}

/* The index behind the bytes from `index` on for which `belongs` holds. */
static size_t pass_over(const char *text, size_t length, size_t index, bool (*belongs)(int))
{
    while (belongs(byte_at(text, length, index)))
        index++;
    return index;
}

static struct mig_token scan_line_comment(const char *text, size_t length)
{
    const char *line_feed = memchr(text, '\n', length);

    return make_token(MIG_TOKEN_LINE_COMMENT, text,
                      line_feed == NULL ? length : (size_t)(line_feed - text));
}

static struct mig_token scan_block_comment(const char *text, size_t length)
{
    /* From 3 on: the star that opens the comment cannot close it as well. */
    for (size_t i = 3; i < length; i++) {
        if (text[i] == '/' && text[i - 1] == '*')
            return make_token(MIG_TOKEN_BLOCK_COMMENT, text, i + 1);
    }
    return make_token(MIG_TOKEN_OPEN_COMMENT, text, length);
}

/* A quote that its own double stands for: 'it''s', "a""b", `a``b`. */
static struct mig_token scan_quoted(const char *text, size_t length)
{
    const char quote = text[0];

    for (size_t i = 1; i < length; i++) {
        if (text[i] != quote)
            continue;
        if (byte_at(text, length, i + 1) != quote)
            return make_token(quote == '\'' ? MIG_TOKEN_STRING : MIG_TOKEN_NAME, text, i + 1);
        i++;
    }
    return make_token(MIG_TOKEN_OPEN_QUOTE, text, length);
}

/* Quoting that nothing escapes: [x], and x'00', whose first quote stands at `from` - 1. */
static struct mig_token scan_up_to(const char *text, size_t length, size_t from, char closing)
{
    const char *end = length > from ? memchr(text + from, closing, length - from) : NULL;

    if (end == NULL)
        return make_token(MIG_TOKEN_OPEN_QUOTE, text, length);
    return make_token(closing == ']' ? MIG_TOKEN_NAME : MIG_TOKEN_STRING, text,
                      (size_t)(end - text) + 1);
}

/* The index behind the exponent that starts at `index`, or `index` when none does. */
static size_t pass_over_exponent(const char *text, size_t length, size_t index)
{
    int letter = byte_at(text, length, index);
    int sign = byte_at(text, length, index + 1);
    size_t digits = sign == '+' || sign == '-' ? index + 2 : index + 1;

    if ((letter != 'e' && letter != 'E') || !is_digit(byte_at(text, length, digits)))
        return index;
    return pass_over(text, length, digits, is_digit);
}

static struct mig_token scan_number(const char *text, size_t length)
{
    int second = byte_at(text, length, 1);
    size_t end = 0;

    if (text[0] == '0' && (second == 'x' || second == 'X') &&
        is_hex_digit(byte_at(text, length, 2)))
        return make_token(MIG_TOKEN_NUMBER, text, pass_over(text, length, 2, is_hex_digit));

    end = pass_over(text, length, 0, is_digit);
    if (byte_at(text, length, end) == '.')
        end = pass_over(text, length, end + 1, is_digit);
    end = pass_over_exponent(text, length, end);
    end = pass_over(text, length, end, continues_word);
    return make_token(MIG_TOKEN_NUMBER, text, end);
}

static bool continues_suffix(int byte)
{
    return byte != NO_BYTE && byte != ')' && !is_blank(byte);
}

/* $x, @x, :x or #x, with Tcl's two additions: `::` inside, and one (suffix) at the end. */
static struct mig_token scan_parameter(const char *text, size_t length)
{
    size_t end = 1;
    bool is_named = false;

    for (;;) {
        size_t start = end;

        end = pass_over(text, length, start, continues_word);
        is_named = is_named || end > start;
        if (byte_at(text, length, end) != ':' || byte_at(text, length, end + 1) != ':')
            break;
        end += 2;
    }
    if (is_named && byte_at(text, length, end) == '(') {
        end = pass_over(text, length, end + 1, continues_suffix);
        if (byte_at(text, length, end) == ')')
            end++;
    }
    return make_token(is_named ? MIG_TOKEN_PARAMETER : MIG_TOKEN_OTHER, text, end);
}

static struct mig_token scan_blanks(const char *text, size_t length)
{
    return make_token(MIG_TOKEN_SPACE, text, pass_over(text, length, 1, is_blank));
}

static struct mig_token scan_word(const char *text, size_t length)
{
    if (starts_byte_order_mark(text, length))
        return make_token(MIG_TOKEN_SPACE, text, 3);
    if ((text[0] == 'x' || text[0] == 'X') && byte_at(text, length, 1) == '\'')
        return scan_up_to(text, length, 2, '\'');
    return make_token(MIG_TOKEN_WORD, text, pass_over(text, length, 1, continues_word));
}

/* The tokens whose first byte does not settle their kind, and the single bytes. */
static struct mig_token scan_punctuation(const char *text, size_t length)
{
    int second = byte_at(text, length, 1);

    if (text[0] == '-' && second == '-')
        return scan_line_comment(text, length);
    /* SQLite takes the two bytes for operators when the text ends behind them. */
    if (text[0] == '/' && second == '*' && length > 2)
        return scan_block_comment(text, length);
    if (text[0] == '.' && is_digit(second))
        return scan_number(text, length);
    return make_token(text[0] == ';' ? MIG_TOKEN_SEMICOLON : MIG_TOKEN_OTHER, text, 1);
}

struct mig_token mig_token_at(const char *text, size_t length)
{
    int first = byte_at(text, length, 0);

    if (first == NO_BYTE)
        return make_token(MIG_TOKEN_END, text, 0);
    if (starts_word(first))
        return scan_word(text, length);
    if (is_digit(first))
        return scan_number(text, length);
    if (is_blank(first) && first != '\v')
        return scan_blanks(text, length);

    switch (first) {
    case '\'':
    case '"':
    case '`':
        return scan_quoted(text, length);
    case '[':
        return scan_up_to(text, length, 1, ']');
    case '?':
        return make_token(MIG_TOKEN_PARAMETER, text, pass_over(text, length, 1, is_digit));
    case '$':
    case '@':
    case ':':
    case '#':
        return scan_parameter(text, length);
    default:
        return scan_punctuation(text, length);
    }
}

static bool is_meaningless(enum mig_token_kind kind)
{
    return kind == MIG_TOKEN_SPACE || kind == MIG_TOKEN_LINE_COMMENT ||
           kind == MIG_TOKEN_BLOCK_COMMENT || kind == MIG_TOKEN_OPEN_COMMENT;
}

struct mig_token mig_token_next(const char *text, size_t length, size_t *position)
{
    struct mig_token token;

    if (*position > length)
        *position = length;
    do {
        token = mig_token_at(text + *position, length - *position);
        *position += token.length;
    } while (is_meaningless(token.kind));
    return token;
}

/* True when the bytes are the same letter; the second one is upper case. */
static bool is_same_letter(char byte, char upper)
{
    return byte == upper || (upper >= 'A' && upper <= 'Z' && byte == (upper | 0x20));
}

bool mig_token_is_word(const struct mig_token *token, const char *word)
{
    if (token->kind != MIG_TOKEN_WORD || strlen(word) != token->length)
        return false;
    for (size_t i = 0; i < token->length; i++) {
        if (!is_same_letter(token->text[i], word[i]))
            return false;
    }
    return true;
}

/* x'00' is a string to the tokenizer, but never a name. */
static bool is_quoted_by_first_byte(const struct mig_token *token)
{
    return token->kind == MIG_TOKEN_NAME ||
           (token->kind == MIG_TOKEN_STRING && token->text[0] == '\'');
}

bool mig_token_is_name(const struct mig_token *token)
{
    return token->kind == MIG_TOKEN_WORD || is_quoted_by_first_byte(token);
}

size_t mig_token_unquote(const struct mig_token *token, char *out)
{
    bool is_quoted = is_quoted_by_first_byte(token);
    size_t end = is_quoted ? token->length - 1 : token->length;
    size_t written = 0;

    for (size_t i = is_quoted ? 1 : 0; i < end; i++) {
        out[written] = token->text[i];
        written++;
        /* What is left of a doubled quote; in [x] the opening bracket needs no double. */
        if (is_quoted && token->text[0] != '[' && token->text[i] == token->text[0])
            i++;
    }
    out[written] = '\0';
    return written;
}
