#include "tap.h"
#include "token.h"

struct sample {
    const char *behaviour;
    const char *text;
    const char *expected; /* as draw_tokens() draws them */
};

/* Draws a text as its tokens, each in brackets behind the letter of its kind. */
static void draw_tokens(const char *text, size_t length, char *out, size_t size)
{
    static const char letters[] = {
        [MIG_TOKEN_END] = '.',          [MIG_TOKEN_SPACE] = 's',
        [MIG_TOKEN_LINE_COMMENT] = 'l', [MIG_TOKEN_BLOCK_COMMENT] = 'b',
        [MIG_TOKEN_WORD] = 'W',         [MIG_TOKEN_NAME] = 'Q',
        [MIG_TOKEN_STRING] = 'T',       [MIG_TOKEN_NUMBER] = 'N',
        [MIG_TOKEN_PARAMETER] = 'P',    [MIG_TOKEN_SEMICOLON] = ';',
        [MIG_TOKEN_OTHER] = 'o',        [MIG_TOKEN_OPEN_COMMENT] = 'L',
        [MIG_TOKEN_OPEN_QUOTE] = 'O',
    };
    size_t position = 0;
    size_t written = 0;

    out[0] = '\0';
    for (;;) {
        struct mig_token token = mig_token_at(text + position, length - position);
        int added = snprintf(out + written, size - written, "%c{%.*s}", letters[token.kind],
                             (int)token.length, token.text);

        written += (size_t)added;
        position += token.length;
        if (token.kind == MIG_TOKEN_END || written + 8 > size)
            return;
    }
}

static void test_tokens(struct tap *tap)
{
    static const struct sample samples[] = {
        {"an empty text is the end", "", ".{}"},
        {"blanks are one run", " \t\r\n\f\v x", "s{ \t\r\n\f\v }W{x}.{}"},
        {"a vertical tab starts no run", "\v ", "o{\v}s{ }.{}"},
        {"a byte order mark is a blank", "\xEF\xBB\xBFx", "s{\xEF\xBB\xBF}W{x}.{}"},
        {"a byte order mark inside a word belongs to it", "a\xEF\xBB\xBF",
         "W{a\xEF\xBB\xBF}.{}"},
        {"two bytes of a byte order mark are a word", "\xEF\xBB", "W{\xEF\xBB}.{}"},
        {"a byte order mark alone", "\xEF\xBB\xBF", "s{\xEF\xBB\xBF}.{}"},
        {"a line comment ends before the line feed", "--a\n-", "l{--a}s{\n}o{-}.{}"},
        {"a line comment reaches to the end", "--", "l{--}.{}"},
        {"a line comment takes carriage returns", "--a\rb", "l{--a\rb}.{}"},
        {"an arrow is no comment", "a->>--b", "W{a}o{-}o{>}o{>}l{--b}.{}"},
        {"a block comment ends at the first end", "/* /* */*/", "b{/* /* */}o{*}o{/}.{}"},
        {"the shortest block comment", "/**/x", "b{/**/}W{x}.{}"},
        {"one star cannot open and close", "/*/ */x", "b{/*/ */}W{x}.{}"},
        {"a block comment without an end", "/* x", "L{/* x}.{}"},
        {"the end behind the opening leaves two operators", "/*", "o{/}o{*}.{}"},
        {"a slash alone", "/x", "o{/}W{x}.{}"},
        {"a word goes on with digits, dollars and high bytes", "_a1$\xC3\xA9 b",
         "W{_a1$\xC3\xA9}s{ }W{b}.{}"},
        {"the first and last letters, and the first high byte", "a z A Z \x80 a90z",
         "W{a}s{ }W{z}s{ }W{A}s{ }W{Z}s{ }W{\x80}s{ }W{a90z}.{}"},
        {"a string with its quote doubled", "'a''b'c", "T{'a''b'}W{c}.{}"},
        {"an empty string", "''", "T{''}.{}"},
        {"names in three kinds of quotes", "\"a\"\"b\"`c``d`[e]",
         "Q{\"a\"\"b\"}Q{`c``d`}Q{[e]}.{}"},
        {"a bracket escapes nothing", "[a[b]]", "Q{[a[b]}o{]}.{}"},
        {"empty brackets", "[]x", "Q{[]}W{x}.{}"},
        {"semicolons in quotes end nothing", "\"a;\"';'[;]", "Q{\"a;\"}T{';'}Q{[;]}.{}"},
        {"a string without an end", "'a''", "O{'a''}.{}"},
        {"a quoted name without an end", "\"a;", "O{\"a;}.{}"},
        {"a backtick without an end", "`", "O{`}.{}"},
        {"a bracket without an end", "[a", "O{[a}.{}"},
        {"a bracket at the end", "[", "O{[}.{}"},
        {"a blob", "x'00'X'zz'y'a'", "T{x'00'}T{X'zz'}W{y}T{'a'}.{}"},
        {"a blob has no doubled quotes", "x'a''b'", "T{x'a'}T{'b'}.{}"},
        {"a blob without an end", "x'0", "O{x'0}.{}"},
        {"a blob that ends behind its quote", "x'", "O{x'}.{}"},
        {"an x without a quote is a word", "x y", "W{x}s{ }W{y}.{}"},
        {"whole numbers and fractions", "1 1. .5 1.5", "N{1}s{ }N{1.}s{ }N{.5}s{ }N{1.5}.{}"},
        {"exponents", "1e5 1E+5 1.e-5", "N{1e5}s{ }N{1E+5}s{ }N{1.e-5}.{}"},
        {"a sign that no digit follows is no exponent", "1e+x", "N{1e}o{+}W{x}.{}"},
        {"digits swallow letters", "1abc;1_000", "N{1abc};{;}N{1_000}.{}"},
        {"an exponent swallows letters", "1e5x 2", "N{1e5x}s{ }N{2}.{}"},
        {"hexadecimal numbers", "0xAf09g 0XaG", "N{0xAf09}W{g}s{ }N{0Xa}W{G}.{}"},
        {"0x without a digit", "0xg", "N{0xg}.{}"},
        {"a dot without a digit", "a.b", "W{a}o{.}W{b}.{}"},
        {"numbered parameters", "?;?12a", "P{?};{;}P{?12}W{a}.{}"},
        {"named parameters", ":a @b $c #d", "P{:a}s{ }P{@b}s{ }P{$c}s{ }P{#d}.{}"},
        {"Tcl's names", "$a::b(c;d)e", "P{$a::b(c;d)}W{e}.{}"},
        {"Tcl's suffix may be empty", "$a()b", "P{$a()}W{b}.{}"},
        {"Tcl's suffix ends at a blank", "$a(b c", "P{$a(b}s{ }W{c}.{}"},
        {"Tcl's suffix ends with the text", "$a(b", "P{$a(b}.{}"},
        {"a suffix needs a name", "$(a)", "o{$}o{(}W{a}o{)}.{}"},
        {"colons alone are no parameter", "::::x", "o{:::}P{:x}.{}"},
        {"one colon inside ends the name", "$a:b", "P{$a}P{:b}.{}"},
        {"dollar quotes are a parameter", "$$ x", "P{$$}s{ }W{x}.{}"},
        {"operators byte by byte", "<>||==", "o{<}o{>}o{|}o{|}o{=}o{=}.{}"},
        {"bytes that SQL has no use for", "\\ \x7F!", "o{\\}s{ }o{\x7F}o{!}.{}"},
    };
    char drawn[512];

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char behaviour[128];

        draw_tokens(samples[i].text, strlen(samples[i].text), drawn, sizeof drawn);
        (void)snprintf(behaviour, sizeof behaviour, "tokens: %s", samples[i].behaviour);
        tap_same(tap, drawn, samples[i].expected, behaviour);
    }
}

static void test_nul(struct tap *tap)
{
    struct mig_token token = mig_token_at("\0a", 2);

    tap_ok(tap, token.kind == MIG_TOKEN_OTHER && token.length == 1,
           "tokens: a NUL is one byte");
    token = mig_token_at("'\0;'", 4);
    tap_ok(tap, token.kind == MIG_TOKEN_STRING && token.length == 4,
           "tokens: a NUL ends no string");
    token = mig_token_at("'a'", 2);
    tap_ok(tap, token.kind == MIG_TOKEN_OPEN_QUOTE && token.length == 2,
           "tokens: nothing behind the length is read");
}

static void test_next(struct tap *tap)
{
    static const char text[] = " -- a\n/* b */ x/**/;/* open";
    size_t position = 0;
    struct mig_token token = mig_token_next(text, strlen(text), &position);

    tap_ok(tap, token.text == text + 14 && token.length == 1 && position == 15,
           "next: passes over blanks and comments");
    token = mig_token_next(text, strlen(text), &position);
    tap_ok(tap, token.kind == MIG_TOKEN_SEMICOLON && position == 20,
           "next: goes on behind the token before");
    token = mig_token_next(text, strlen(text), &position);
    tap_ok(tap, token.kind == MIG_TOKEN_END && token.length == 0 && position == strlen(text),
           "next: an open comment means nothing");
    position = 99;
    token = mig_token_next(text, strlen(text), &position);
    tap_ok(tap, token.kind == MIG_TOKEN_END && position == strlen(text),
           "next: a position behind the end is the end");
}

static void test_words(struct tap *tap)
{
    static const struct {
        const char *text;
        const char *word;
        bool expected;
        const char *behaviour;
    } samples[] = {
        {"Begin", "BEGIN", true, "is_word: in any case of letters"},
        {"azAZ", "AZAZ", true, "is_word: from the first letter to the last"},
        {"XEGIN", "BEGIN", false, "is_word: not with another first letter"},
        {"BEGIX", "BEGIN", false, "is_word: not with another last letter"},
        {"BEGI", "BEGIN", false, "is_word: not a part of the word"},
        {"BEGINS", "BEGIN", false, "is_word: not a longer word"},
        {"\"BEGIN\"", "BEGIN", false, "is_word: not in quotes"},
        {"a\xDF", "A\x1F", false, "is_word: only letters have a case"},
        {"e_d", "E_D", true, "is_word: bytes that are no letters stand for themselves"},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct mig_token token = mig_token_at(samples[i].text, strlen(samples[i].text));

        tap_ok(tap, mig_token_is_word(&token, samples[i].word) == samples[i].expected,
               samples[i].behaviour);
    }
}

static void test_names(struct tap *tap)
{
    static const struct {
        const char *text;
        bool is_name;
        const char *unquoted;
        const char *behaviour;
    } samples[] = {
        {"abc", true, "abc", "unquote: a word stands for itself"},
        {"\"a\"\"b\"", true, "a\"b", "unquote: a doubled quote is one"},
        {"`a``b`", true, "a`b", "unquote: a doubled backtick is one"},
        {"'a''b'", true, "a'b", "unquote: a string can stand for a name"},
        {"\"a''b\"", true, "a''b", "unquote: another quote stands for itself"},
        {"[a\"\"[[b]", true, "a\"\"[[b", "unquote: brackets escape nothing"},
        {"\"\"", true, "", "unquote: a name can be empty"},
        {"[]", true, "", "unquote: a name in brackets can be empty"},
        {"x'00'", false, "x'00'", "unquote: a blob is no name"},
        {"12", false, "12", "unquote: a number is no name"},
        {"\"ab", false, "\"ab", "unquote: an open quote is no name"},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct mig_token token = mig_token_at(samples[i].text, strlen(samples[i].text));
        char out[32];
        size_t length = mig_token_unquote(&token, out);

        tap_same(tap, out, samples[i].unquoted, samples[i].behaviour);
        tap_ok(tap,
               length == strlen(samples[i].unquoted) &&
                   mig_token_is_name(&token) == samples[i].is_name,
               samples[i].behaviour);
    }
}

int main(void)
{
    struct tap tap = {0, 0};

    test_tokens(&tap);
    test_nul(&tap);
    test_next(&tap);
    test_words(&tap);
    test_names(&tap);
    return tap_end(&tap);
}
