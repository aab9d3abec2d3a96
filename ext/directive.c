#include "compiler.h"

#include "directive.h"

/* What is left to read of a comment. */
struct rest {
    const char *text;
    size_t length;
};

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static void drop(struct rest *rest, size_t bytes)
{
    rest->text += bytes;
    rest->length -= bytes;
}

static void drop_blanks(struct rest *rest)
{
    while (rest->length > 0 && is_blank(rest->text[0]))
        drop(rest, 1);
}

static void drop_blanks_at_end(struct rest *rest)
{
    while (rest->length > 0 && is_blank(rest->text[rest->length - 1]))
        rest->length--;
}

/* True when the rest starts with `word`, given in lower case, in any case of letters. */
static bool starts_with(struct rest rest, const char *word)
{
    size_t length = strlen(word);

    if (rest.length < length)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool is_letter = word[i] >= 'a' && word[i] <= 'z';

        if (rest.text[i] != word[i] && !(is_letter && (rest.text[i] | 0x20) == word[i]))
            return false;
    }
    return true;
}

/* Takes `word`, which must reach to a blank or the end, and the blanks behind it. */
static bool take_word(struct rest *rest, const char *word)
{
    size_t length = strlen(word);

    if (!starts_with(*rest, word) || (rest->length > length && !is_blank(rest->text[length])))
        return false;
    drop(rest, length);
    drop_blanks(rest);
    return true;
}

/* Takes `migrate:` with the blanks around its colon. */
static bool take_prefix(struct rest *rest)
{
    if (!starts_with(*rest, "migrate"))
        return false;
    drop(rest, strlen("migrate"));
    drop_blanks(rest);
    if (rest->length == 0 || rest->text[0] != ':')
        return false;
    drop(rest, 1);
    drop_blanks(rest);
    return true;
}

/* Takes the bytes up to a blank, a colon or the end, and the blanks behind them. */
static struct rest take_argument(struct rest *rest)
{
    struct rest argument = {.text = rest->text, .length = 0};

    while (argument.length < rest->length && rest->text[argument.length] != ':' &&
           !is_blank(rest->text[argument.length]))
        argument.length++;
    drop(rest, argument.length);
    drop_blanks(rest);
    return argument;
}

static bool is_exactly(struct rest argument, const char *word)
{
    return argument.length == strlen(word) && memcmp(argument.text, word, argument.length) == 0;
}

/* Another tool's, apart from `migrate:up` and `migrate:down`, which look like ours. */
static bool is_foreign(struct rest rest)
{
    if (take_word(&rest, "+goose") || take_word(&rest, "+migrate"))
        return true;
    return take_word(&rest, "liquibase") && take_word(&rest, "formatted");
}

/* Reads what stands behind the rule: the object up to a colon, the reason behind it. */
static void read_approval(struct rest rest, struct mig_approval *approval)
{
    struct rest object = {.text = rest.text, .length = 0};

    while (object.length < rest.length && rest.text[object.length] != ':')
        object.length++;
    drop(&rest, object.length);
    drop_blanks_at_end(&object);
    approval->object = object.text;
    approval->object_length = object.length;
    if (rest.length > 0)
        drop(&rest, 1);
    drop_blanks(&rest);
    approval->reason = rest.text;
    approval->reason_length = rest.length;
}

static void read_rule(struct rest rest, const char *comment, struct mig_directive *directive)
{
    struct rest argument = take_argument(&rest);
    enum mig_rule rule = mig_rule_find(argument.text, argument.length);

    if (rule != MIG_RULE_COUNT) {
        directive->kind = MIG_DIRECTIVE_ALLOW;
        directive->approval.rule = rule;
        read_approval(rest, &directive->approval);
        return;
    }
    directive->kind = MIG_DIRECTIVE_UNKNOWN_RULE;
    /* Without a rule, the directive itself is what there is to show. */
    if (argument.length > 0) {
        directive->word_at = (size_t)(argument.text - comment);
        directive->word_length = argument.length;
    }
}

struct mig_directive mig_directive_read(const char *comment, size_t length)
{
    struct mig_directive directive = {.kind = MIG_DIRECTIVE_NONE,
                                      .approval = {.rule = MIG_RULE_COUNT}};
    struct rest rest = {.text = comment, .length = length};
    struct rest argument;

    drop(&rest, comment[0] == '#' ? 1 : 2);
    drop_blanks(&rest);
    drop_blanks_at_end(&rest);
    directive.word_at = (size_t)(rest.text - comment);
    directive.word_length = rest.length;

    if (is_foreign(rest)) {
        directive.kind = MIG_DIRECTIVE_FOREIGN;
        return directive;
    }
    if (!take_prefix(&rest))
        return directive;
    argument = take_argument(&rest);
    if (is_exactly(argument, "allow"))
        read_rule(rest, comment, &directive);
    else if (is_exactly(argument, "up") || is_exactly(argument, "down"))
        directive.kind = MIG_DIRECTIVE_FOREIGN;
    else if (is_exactly(argument, "no-transaction") &&
             (rest.length == 0 || rest.text[0] == ':'))
        directive.kind = MIG_DIRECTIVE_NO_TRANSACTION;
    else
        directive.kind = MIG_DIRECTIVE_UNKNOWN;
    return directive;
}
