#include "name.h"
#include "tap.h"

/* Draws what the parser found: the parts, or the place and the whole message. */
static void draw_name(const char *file, char *out, size_t size)
{
    static const char *const parts[] = {"up", "down", "program"};
    struct mig_name name;
    size_t at = 0;
    size_t length = 0;
    enum mig_name_defect defect = mig_name_parse(file, &name, &at, &length);
    const char *message = mig_name_defect_message(defect);
    const char *hole = strstr(message, "%s");
    char word[64] = "";

    if (defect == MIG_NAME_SOUND) {
        (void)snprintf(out, size, "%lld %.*s %.*s %s %zu", (long long)name.version,
                       (int)name.task_length, name.task, (int)name.description_length,
                       name.description, parts[name.part], name.stem_length);
    } else if (hole != NULL) {
        mig_name_printable(file + at, length, word, sizeof word);
        (void)snprintf(out, size, "%zu+%zu: %.*s%s%s", at, length, (int)(hole - message),
                       message, word, hole + 2);
    } else {
        (void)snprintf(out, size, "%zu+%zu: %s", at, length, message);
    }
}

#define MISSING        "the name does not start with a version of four or more digits"
#define NO_TASK        "the version is not followed by a task name such as TASK-123"
#define NO_NUMBER      "the task name has no number; TASK-123 would have one"
#define NO_DESCRIPTION "the task name is not followed by a hyphen and a description"
#define NO_DIRECTION   "the name has neither \"_up\" nor \"_down\" before \".sql\""
#define LARGE          "\" is larger than 9223372036854775807"
#define BAD_TASK(word)                                                                         \
    "the task name \"" word "\" is not capital letters and digits up to a hyphen"
#define BAD_LETTER(word)                                                                       \
    "the description holds \"" word "\"; it may hold letters, digits, \"-\" and \"_\""
#define BAD_EXTENSION(word)                                                                    \
    "the extension \"" word "\" is neither \"sql\" nor the letters and digits of a program's"
#define DIRECTED(word)                                                                         \
    "the name of a program ends in \"" word "\"; one program does both directions"

struct sample {
    const char *file;
    const char *expected;
};

static const struct sample samples[] = {
    {"0001-TASK-123-create-users-table_up.sql", "1 TASK-123 create-users-table up 32"},
    {"0001-TASK-123-create-users-table_down.sql", "1 TASK-123 create-users-table down 32"},
    {"0003-TASK-456-migrate-user-data.sh", "3 TASK-456 migrate-user-data program 31"},
    {"12345-A1-007-X_up.sql", "12345 A1-007 X up 14"},
    {"0001-T-1-a_b_up.sql", "1 T-1 a_b up 12"},
    {"0001-T-1-__up.sql", "1 T-1 _ up 10"},
    {"0001-T-1-_up_down.sql", "1 T-1 _up down 12"},
    {"0001-T-1-a_down_up.sql", "1 T-1 a_down up 15"},
    {"0001-T-1--_up.sql", "1 T-1 - up 10"},
    {"0001-T-1-2_up.sql", "1 T-1 2 up 10"},
    {"0001-AZ-1-azAZ09-__up.sql", "1 AZ-1 azAZ09-_ up 18"},
    {"0001-T-1-x.c", "1 T-1 x program 10"},
    {"0001-T-1-setup.py3", "1 T-1 setup program 14"},
    {"0001-T-1-x.SH", "1 T-1 x program 10"},
    {"0001-T-1-x.sqlx", "1 T-1 x program 10"},
    {"0001-T-1-x.sq", "1 T-1 x program 10"},
    {"9223372036854775807-T-1-x_up.sql", "9223372036854775807 T-1 x up 25"},
    {"000000000000000000000001-T-1-x_up.sql", "1 T-1 x up 30"},
    {"", "0+0: " MISSING},
    {"migration1.sql", "0+0: " MISSING},
    {"create_users.sql", "0+0: " MISSING},
    {"v1-users-table_up.sql", "0+0: " MISSING},
    {"-0001-T-1-x_up.sql", "0+0: " MISSING},
    {"001-create-users_up.sql", "0+3: the version \"001\" has fewer than four digits"},
    {"1", "0+1: the version \"1\" has fewer than four digits"},
    {"0000-T-1-x_up.sql", "0+4: the version \"0000\" is zero; versions count from 1"},
    {"9223372036854775808-T-1-x_up.sql", "0+19: the version \"9223372036854775808" LARGE},
    {"99999999999999999999-T-1-x_up.sql", "0+20: the version \"99999999999999999999" LARGE},
    {"0001_create_users.sql", "4+0: the version is not followed by a hyphen"},
    {"0001", "4+0: the version is not followed by a hyphen"},
    {"0001-create-users_up.sql", "5+0: " NO_TASK},
    {"0001-1TASK-1-x_up.sql", "5+0: " NO_TASK},
    {"0001-", "5+0: " NO_TASK},
    {"0001--x_up.sql", "5+0: " NO_TASK},
    {"0001-Task-1-x_up.sql", "5+4: " BAD_TASK("Task")},
    {"0001-USERS_up.sql", "5+12: " BAD_TASK("USERS_up.sql")},
    {"0001-T\xC3\x84SK-1-x_up.sql", "5+5: " BAD_TASK("T\xC3\x84SK")},
    {"0001-TASK-create-users_up.sql", "10+0: " NO_NUMBER},
    {"0001-TASK-", "10+0: " NO_NUMBER},
    {"0001-TASK", "9+0: " NO_NUMBER},
    {"0001-TASK-123_up.sql", "13+0: " NO_DESCRIPTION},
    {"0001-TASK-123.sql", "13+0: " NO_DESCRIPTION},
    {"0001-TASK-123a-x_up.sql", "13+0: " NO_DESCRIPTION},
    {"0001-TASK-123", "13+0: " NO_DESCRIPTION},
    {"0001-TASK-123-", "14+0: " NO_DESCRIPTION},
    {"0001-TASK-123-_up.sql", "14+0: " NO_DESCRIPTION},
    {"0001-TASK-123-_down.sql", "14+0: " NO_DESCRIPTION},
    {"0001-TASK-123-.sh", "14+0: " NO_DESCRIPTION},
    {"0001-T-1-a b_up.sql", "10+1: " BAD_LETTER(" ")},
    {"0001-T-1-a.b_up.sql", "10+1: " BAD_LETTER(".")},
    {"0001-T-1-caf\xC3\xA9_up.sql", "12+2: " BAD_LETTER("\xC3\xA9")},
    {"0001-T-1-a\xFF_up.sql", "10+1: " BAD_LETTER("\\xff")},
    {"0001-T-1-a\nb", "10+1: " BAD_LETTER("\\x0a")},
    {"0001-T-1-\xF0\x9F\x90\x98", "9+4: " BAD_LETTER("\xF0\x9F\x90\x98")},
    {"0001-T-1-x.sql", "10+0: " NO_DIRECTION},
    {"0001-T-1-up.sql", "11+0: " NO_DIRECTION},
    {"0001-T-1-x_UP.sql", "13+0: " NO_DIRECTION},
    {"0001-T-1-x_upx.sql", "14+0: " NO_DIRECTION},
    {"0001-T-1-x", "10+0: the name has no extension"},
    {"0001-T-1-x_up", "13+0: the name has no extension"},
    {"0001-T-1-x_up.SQL", "14+3: " BAD_EXTENSION("SQL")},
    {"0001-T-1-x_down.Sql", "16+3: " BAD_EXTENSION("Sql")},
    {"0001-T-1-x.", "11+0: " BAD_EXTENSION("")},
    {"0001-T-1-x.sh~1", "11+4: " BAD_EXTENSION("sh~1")},
    {"0001-T-1-x_up.sh", "10+3: " DIRECTED("_up")},
    {"0001-T-1-x_down.py", "10+5: " DIRECTED("_down")},
};

static void test_parse(struct tap *tap)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char drawn[256];
        char behaviour[256];
        char shown[128];

        draw_name(samples[i].file, drawn, sizeof drawn);
        mig_name_printable(samples[i].file, strlen(samples[i].file), shown, sizeof shown);
        (void)snprintf(behaviour, sizeof behaviour, "parse: \"%s\"", shown);
        tap_same(tap, drawn, samples[i].expected, behaviour);
    }
}

/* The longest name that is looked at, and one byte more. */
static void test_length(struct tap *tap)
{
    char file[MIG_NAME_MAX + 2];
    char drawn[512];

    memset(file, 'x', sizeof file);
    memcpy(file, "0001-T-1-", 9);
    memcpy(file + MIG_NAME_MAX - 7, "_up.sql", 8);
    draw_name(file, drawn, sizeof drawn);
    tap_ok(tap, strlen(file) == 255 && strstr(drawn, " up 248") != NULL,
           "parse: takes a name of 255 bytes");
    memcpy(file + MIG_NAME_MAX - 6, "_up.sql", 8);
    file[MIG_NAME_MAX - 7] = 'x';
    draw_name(file, drawn, sizeof drawn);
    tap_same(tap, drawn, "255+1: the name has more than 255 bytes",
             "parse: refuses a name of 256 bytes");
}

static void test_failed_parse(struct tap *tap)
{
    struct mig_name name = {.version = 7};
    size_t at = 9;
    size_t length = 9;

    tap_ok(tap,
           mig_name_parse("0001-T-1-x.sql", &name, &at, &length) == MIG_NAME_DIRECTION &&
               name.version == 0 && name.task == NULL && name.task_length == 0,
           "parse: leaves the parts empty when the name is bad");
    tap_ok(tap,
           mig_name_parse("0001-T-1-x.sh", &name, &at, &length) == MIG_NAME_SOUND && at == 0 &&
               length == 0,
           "parse: leaves the place empty when the name is sound");
    tap_ok(tap,
           mig_name_defect_has_word(MIG_NAME_VERSION_SHORT) &&
               !mig_name_defect_has_word(MIG_NAME_TOO_LONG),
           "has_word: true where the message has a place for it");
    tap_same(tap, mig_name_defect_message(MIG_NAME_SOUND), "the name is sound",
             "message: a sound name has one too");
}

/* A predicate over texts, and what it says to each. */
struct judgement {
    const char *text;
    bool expected;
};

static void test_predicate(struct tap *tap, const char *subject,
                           bool (*predicate)(const char *), const struct judgement *judgements,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char behaviour[128];

        (void)snprintf(behaviour, sizeof behaviour, "%s: %s \"%s\"", subject,
                       judgements[i].expected ? "true for" : "false for", judgements[i].text);
        tap_ok(tap, predicate(judgements[i].text) == judgements[i].expected, behaviour);
    }
}

#define TEST_PREDICATE(tap, subject, predicate, judgements)                                    \
    test_predicate(tap, subject, predicate, judgements,                                        \
                   sizeof judgements / sizeof judgements[0])

static void test_predicates(struct tap *tap)
{
    static const struct judgement ignored[] = {
        {".gitkeep", true},  {".", true},         {"0001-T-1-x_up.sql~", true},
        {"#x#", true},       {"##", true},        {"README", true},
        {"README.md", true}, {"#", false},        {"#x", false},
        {"x#", false},       {"READM", false},    {"x.README", false},
        {"", false},         {"0001.sql", false},
    };
    static const struct judgement dates[] = {
        {"2025-01-10", true},   {"0001-01-01", true},  {"9999-12-31", true},
        {"2024-02-29", true},   {"2000-02-29", true},  {"2025-02-28", true},
        {"2025-04-30", true},   {"2025-02-29", false}, {"1900-02-29", false},
        {"2025-04-31", false},  {"2024-02-30", false}, {"2025-13-01", false},
        {"2025-00-01", false},  {"2025-01-00", false}, {"2025-01-32", false},
        {"0000-01-01", false},  {"2025-1-1", false},   {"2025-01-1", false},
        {"2025-01-100", false}, {"2025/01/10", false}, {"2025-01/10", false},
        {"2025-a1-10", false},  {"2025-0:-10", false}, {"2025-01-1/", false},
        {"2025-01-1a", false},  {"20250-1-10", false}, {"", false},
    };
    static const struct judgement date_like[] = {
        {"2025-", true},       {"2025-1-1", true},   {"2025-01-10", true}, {"2025", false},
        {"2025_01_10", false}, {"202-01-10", false}, {"20250-01", false},  {"", false},
    };
    static const struct judgement tasks[] = {
        {"TASK-123", true}, {"A-0", true},      {"FEATURE2-456", true}, {"", false},
        {"TASK", false},    {"TASK-", false},   {"TASK-12a", false},    {"task-1", false},
        {"1TASK-1", false}, {"TASK-1-", false}, {"TASK-1 ", false},     {"TA_SK-1", false},
    };

    TEST_PREDICATE(tap, "is_ignored", mig_name_is_ignored, ignored);
    TEST_PREDICATE(tap, "is_date", mig_name_is_date, dates);
    TEST_PREDICATE(tap, "is_date_like", mig_name_is_date_like, date_like);
    TEST_PREDICATE(tap, "is_task", mig_name_is_task, tasks);
}

static void test_version(struct tap *tap)
{
    static const struct {
        const char *text;
        bool expected;
        int64_t version;
    } versions[] = {
        {"0", true, 0},
        {"0042", true, 42},
        {"9223372036854775807", true, INT64_MAX},
        {"9223372036854775808", false, 0},
        {"9999999999999999999999", false, 0},
        {"", false, 0},
        {"+1", false, 0},
        {"-1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"0x1", false, 0},
    };

    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        int64_t version = 7;
        bool accepted = mig_name_version(versions[i].text, &version);
        char behaviour[128];

        (void)snprintf(behaviour, sizeof behaviour, "version: %s \"%s\"",
                       versions[i].expected ? "takes" : "refuses", versions[i].text);
        tap_ok(tap, accepted == versions[i].expected && version == versions[i].version,
               behaviour);
    }
}

static void test_printable(struct tap *tap)
{
    static const struct {
        const char *text;
        size_t size;
        const char *expected;
        const char *behaviour;
    } texts[] = {
        {"plain", 64, "plain", "printable: text stands for itself"},
        {"", 8, "", "printable: nothing stays nothing"},
        {"a\tb\x1B\x7F", 64, "a\\x09b\\x1b\\x7f", "printable: escapes controls"},
        {"a\\b", 64, "a\\\\b", "printable: doubles a backslash"},
        {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\x98", 64, "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x90\x98",
         "printable: leaves UTF-8 of two, three and four bytes"},
        {"\xC2\x9B\xC2\xA0", 64, "\\xc2\\x9b\xC2\xA0",
         "printable: escapes controls of terminals"},
        {"\xC0\xAF", 64, "\\xc0\\xaf", "printable: escapes two bytes for one"},
        {"\xE0\x80\xAF", 64, "\\xe0\\x80\\xaf", "printable: escapes three bytes for one"},
        {"\xED\xA0\x80", 64, "\\xed\\xa0\\x80", "printable: escapes half of a pair"},
        {"\xED\x9F\xBF\xEE\x80\x80", 64, "\xED\x9F\xBF\xEE\x80\x80",
         "printable: leaves what stands beside the pairs"},
        {"\xED\xBF\xBF", 64, "\\xed\\xbf\\xbf", "printable: escapes the last half of a pair"},
        {"\xE0\xA0\x80\xF4\x8F\xBF\xBF", 64, "\xE0\xA0\x80\xF4\x8F\xBF\xBF",
         "printable: leaves the first and the last of a length"},
        {"\xF4\x90\x80\x80", 64, "\\xf4\\x90\\x80\\x80", "printable: escapes above U+10FFFF"},
        {"\xF5\x80\x80\x80", 64, "\\xf5\\x80\\x80\\x80",
         "printable: escapes what starts nothing"},
        {"\x80", 64, "\\x80", "printable: escapes what only goes on"},
        {"\xE2\x82", 64, "\\xe2\\x82", "printable: escapes a character cut off"},
        {"\xE2\x82z", 64, "\\xe2\\x82z", "printable: goes on behind a broken character"},
        {"1234567", 8, "1234567", "printable: fills the room"},
        {"12345678", 8, "1234...", "printable: cuts what has no room"},
        {"123\xE2\x82\xAC"
         "78",
         8, "123...", "printable: cuts before a whole character"},
        {"12\x01\x02", 8, "12...", "printable: cuts before a whole escape"},
        {"\x01\x01", 8, "\\x01...", "printable: cuts behind a whole escape"},
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char out[64];

        memset(out, '!', sizeof out);
        mig_name_printable(texts[i].text, strlen(texts[i].text), out, texts[i].size);
        tap_same(tap, out, texts[i].expected, texts[i].behaviour);
    }
    {
        char out[16];

        mig_name_printable("a\0b", 3, out, sizeof out);
        tap_same(tap, out, "a\\x00b", "printable: escapes a NUL");
    }
}

int main(void)
{
    struct tap tap = {0, 0};

    test_parse(&tap);
    test_length(&tap);
    test_failed_parse(&tap);
    test_predicates(&tap);
    test_version(&tap);
    test_printable(&tap);
    return tap_end(&tap);
}
