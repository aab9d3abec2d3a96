/* Any bytes as a script: no crash, no endless loop, and the statements that SQLite finds too. */
#include "agreement.h"
#include "directive.h"

#define REQUIRE(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_tokens(const char *text, size_t length)
{
    size_t position = 0;

    while (position < length) {
        struct mig_token token = mig_token_at(text + position, length - position);
        char *name = malloc(token.length + 1);

        REQUIRE(token.kind != MIG_TOKEN_END && token.length > 0);
        REQUIRE(token.text == text + position && token.length <= length - position);
        REQUIRE(name != NULL && mig_token_unquote(&token, name) <= token.length);
        free(name);
        if (token.kind == MIG_TOKEN_LINE_COMMENT) {
            struct mig_directive directive = mig_directive_read(token.text, token.length);

            REQUIRE(directive.word_at + directive.word_length <= token.length);
        }
        position += token.length;
    }
}

/* Reads the statements; gives their number. */
static size_t read_statements(const char *text, size_t length)
{
    struct mig_statement statement;
    size_t position = 0;
    size_t behind = 0;
    size_t count = 0;

    while (mig_script_next(text, length, &position, &statement)) {
        struct mig_pragma pragma;

        REQUIRE(statement.kind != MIG_STATEMENT_EMPTY);
        REQUIRE(behind <= statement.start && statement.start < statement.end);
        REQUIRE(statement.end == position && statement.end <= length);
        REQUIRE(statement.closed == (text[statement.end - 1] == ';') || !statement.closed);
        REQUIRE(statement.closed || statement.end == length);
        mig_script_pragma(text + statement.start, statement.end - statement.start, &pragma);
        REQUIRE(memchr(pragma.name, '\0', sizeof pragma.name) != NULL);
        REQUIRE(memchr(pragma.value, '\0', sizeof pragma.value) != NULL);
        REQUIRE(pragma.has_value || pragma.value[0] == '\0');
        behind = statement.end;
        count++;
    }
    REQUIRE(position == length);
    return count;
}

/* Reads the approvals, whose texts must be places in the text. */
static void read_approvals(const char *text, size_t length)
{
    struct mig_approval approval;
    size_t position = 0;
    size_t behind = 0;

    while (mig_script_next_approval(text, length, &position, &approval)) {
        REQUIRE(behind < position && position <= length);
        REQUIRE(approval.rule < MIG_RULE_COUNT);
        REQUIRE(approval.object >= text &&
                approval.object + approval.object_length <= text + length);
        REQUIRE(approval.reason >= text &&
                approval.reason + approval.reason_length <= text + length);
        behind = position;
    }
}

static void check_script(const char *text, size_t length, enum mig_script_place place)
{
    struct mig_script script;
    struct mig_script_defect defect;
    struct mig_position at;

    if (mig_script_check(text, length, place, &script, &defect)) {
        REQUIRE(script.statements > 0 && script.statements == read_statements(text, length));
        REQUIRE(defect.kind == MIG_SCRIPT_SOUND && memchr(text, '\0', length) == NULL);
        REQUIRE(place == MIG_SCRIPT_FILE || !script.no_transaction);
        return;
    }
    REQUIRE(defect.kind != MIG_SCRIPT_SOUND && script.statements == 0);
    REQUIRE(defect.offset <= length && defect.length <= length - defect.offset);
    REQUIRE(mig_script_defect_has_word(defect.kind) == (defect.length > 0));
    REQUIRE(mig_script_defect_message(defect.kind) != NULL);
    REQUIRE(mig_script_defect_hint(defect.kind) != NULL);
    at = mig_script_position(text, length, defect.offset);
    REQUIRE(at.line >= 1 && at.column >= 1 && at.line_start <= length);
    REQUIRE(at.line_length <= length - at.line_start &&
            at.column <= length - at.line_start + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = size == 0 ? "" : (const char *)data;

    read_tokens(text, size);
    (void)read_statements(text, size);
    read_approvals(text, size);
    check_script(text, size, MIG_SCRIPT_FILE);
    check_script(text, size, MIG_SCRIPT_PROGRAM);
    REQUIRE(agreement_walk(text, size).reason == NULL);
    return 0;
}
