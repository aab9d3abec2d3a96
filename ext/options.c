#include "compiler.h"

#include "options.h"

#include "name.h"

enum value_kind {
    VALUE_TEXT,       /* anything that is not empty */
    VALUE_TABLE_NAME, /* a name that does not start with sqlite_ */
    VALUE_NUMBER,     /* milliseconds, 0 to LARGEST_NUMBER */
    VALUE_CHOICE,     /* one of a list */
};

struct option_row {
    const char *name;
    const char *variable;
    const char *standard;
    enum value_kind kind;
    const char *choices; /* joined by blanks, in the order of the enumeration */
};

/* A day in milliseconds: no wait of a migration run is longer. */
#define LARGEST_NUMBER 86400000

static const struct option_row rows[MIG_OPTION_COUNT] = {
    [MIG_OPTION_DIR] = {"dir", "MIGRATIONS_DIR", "migrations", VALUE_TEXT, ""},
    [MIG_OPTION_TABLE] = {"table", "MIGRATE_TABLE", "migration", VALUE_TABLE_NAME, ""},
    [MIG_OPTION_TRANSACTION] = {"transaction", "MIGRATE_TRANSACTION", "operation", VALUE_CHOICE,
                                "operation task all"},
    [MIG_OPTION_FOREIGN_KEY_CHECK] = {"foreign_key_check", "MIGRATE_FOREIGN_KEY_CHECK",
                                      "changed", VALUE_CHOICE, "changed all off"},
    [MIG_OPTION_COMPILE_CHECK] = {"compile_check", "MIGRATE_COMPILE_CHECK", "error",
                                  VALUE_CHOICE, "off warn error"},
    [MIG_OPTION_COMMIT_INTERVAL] = {"commit_interval", "MIGRATE_COMMIT_INTERVAL", "1000",
                                    VALUE_NUMBER, ""},
    [MIG_OPTION_SCRIPTS] = {"scripts", "MIGRATE_SCRIPTS", "off", VALUE_CHOICE, "off on"},
    [MIG_OPTION_SCRIPT_TIMEOUT] = {"script_timeout", "MIGRATE_SCRIPT_TIMEOUT", "300000",
                                   VALUE_NUMBER, ""},
    [MIG_OPTION_GAPS] = {"gaps", "MIGRATE_GAPS", "error", VALUE_CHOICE, "off warn error"},
    [MIG_OPTION_LATE] = {"late", "MIGRATE_LATE", "error", VALUE_CHOICE, "off warn error"},
    [MIG_OPTION_LOCK_TIMEOUT] = {"lock_timeout", "MIGRATE_LOCK_TIMEOUT", "5000", VALUE_NUMBER,
                                 ""},
    [MIG_OPTION_ACTOR] = {"actor", "MIGRATE_ACTOR", "", VALUE_TEXT, ""},
    [MIG_OPTION_PROGRESS] = {"progress", "MIGRATE_PROGRESS", "off", VALUE_CHOICE,
                             "off lines bar"},
    [MIG_OPTION_SNAPSHOT] = {"snapshot", "MIGRATE_SNAPSHOT", "off", VALUE_CHOICE,
                             "off before-apply"},
    [MIG_OPTION_SNAPSHOT_DIR] = {"snapshot_dir", "MIGRATE_SNAPSHOT_DIR", "backups", VALUE_TEXT,
                                 ""},
    [MIG_OPTION_NOTE] = {"note", "MIGRATE_NOTE", "", VALUE_TEXT, ""},
    [MIG_OPTION_DIALECT] = {"dialect", "MIGRATE_DIALECT", "sqlite", VALUE_CHOICE,
                            "sqlite postgresql mysql"},
    [MIG_OPTION_SCHEMA] = {"schema", "MIGRATE_SCHEMA", "", VALUE_TEXT, ""},
    [MIG_OPTION_DANGEROUS] = {"dangerous", "MIGRATE_DANGEROUS", "warn", VALUE_CHOICE,
                              "warn deny"},
};

void mig_options_init(struct mig_options *options)
{
    memset(options, 0, sizeof(*options));
}

void mig_options_release(struct mig_options *options)
{
    for (size_t i = 0; i < MIG_OPTION_COUNT; i++)
        sqlite3_free(options->values[i]);
    mig_options_init(options);
}

enum mig_option mig_options_find(struct mig_session *s, const char *name)
{
    for (int i = 0; i < MIG_OPTION_COUNT; i++)
        if (name != NULL && strcmp(rows[i].name, name) == 0)
            return (enum mig_option)i;
    mig_session_fail(s, MIG_CONFIG, "there is no option \"%s\"", name == NULL ? "" : name);
    return MIG_OPTION_COUNT;
}

/* The place of `value` in a list joined by blanks; -1 when it is not there. */
static int find_choice(const char *choices, const char *value)
{
    const size_t length = strlen(value);
    int place = 0;

    while (*choices != '\0') {
        const size_t word = strcspn(choices, " ");

        if (word == length && memcmp(choices, value, length) == 0)
            return place;
        choices += word;
        choices += strspn(choices, " ");
        place++;
    }
    return -1;
}

static void check_number(struct mig_session *s, const struct option_row *row, const char *value)
{
    int64_t number;

    if (mig_name_version(value, &number) && number <= LARGEST_NUMBER)
        return;
    mig_session_fail(s, MIG_CONFIG,
                     "option %s: \"%s\" is not a number of milliseconds from 0 to %d",
                     row->name, value, LARGEST_NUMBER);
}

static void check_choice(struct mig_session *s, const struct option_row *row, const char *value)
{
    if (find_choice(row->choices, value) >= 0)
        return;
    mig_session_fail(s, MIG_CONFIG, "option %s: \"%s\" is not one of its values", row->name,
                     value);
    mig_session_hint(s, "use one of: %s", row->choices);
}

static void check_table_name(struct mig_session *s, const struct option_row *row,
                             const char *value)
{
    if (sqlite3_strnicmp(value, "sqlite_", 7) == 0)
        mig_session_fail(s, MIG_CONFIG,
                         "option %s: \"%s\" is a name that SQLite keeps for itself", row->name,
                         value);
}

static void check_value(struct mig_session *s, enum mig_option option, const char *value)
{
    const struct option_row *row = &rows[option];

    if (value[0] == '\0') {
        mig_session_fail(s, MIG_CONFIG, "option %s: the value is empty", row->name);
        return;
    }
    switch (row->kind) {
    case VALUE_TEXT:
        break;
    case VALUE_TABLE_NAME:
        check_table_name(s, row, value);
        break;
    case VALUE_NUMBER:
        check_number(s, row, value);
        break;
    case VALUE_CHOICE:
        check_choice(s, row, value);
        break;
    }
}

void mig_options_set(struct mig_session *s, struct mig_options *options, enum mig_option option,
                     const char *value)
{
    char *copy = NULL;

    if (!mig_session_ok(s))
        return;
    if (value != NULL) {
        check_value(s, option, value);
        copy = sqlite3_mprintf("%s", value);
        if (copy == NULL)
            mig_session_fail_memory(s);
        if (!mig_session_ok(s)) {
            sqlite3_free(copy);
            return;
        }
    }
    sqlite3_free(options->values[option]);
    options->values[option] = copy;
}

const char *mig_options_text(struct mig_session *s, const struct mig_options *options,
                             enum mig_option option)
{
    const char *value = options->values[option];

    if (value != NULL)
        return value;
    value = getenv(rows[option].variable);
    if (value == NULL || value[0] == '\0')
        return rows[option].standard;
    if (mig_session_ok(s)) {
        check_value(s, option, value);
        mig_session_context(s, "environment variable %s", rows[option].variable);
    }
    return value;
}

void mig_options_check(struct mig_session *s)
{
    for (int i = 0; i < MIG_OPTION_COUNT; i++)
        (void)mig_options_text(s, s->options, (enum mig_option)i);
}

int64_t mig_options_number(struct mig_session *s, enum mig_option option)
{
    int64_t number = 0;

    /* A value that is no number has failed the session. */
    if (!mig_name_version(mig_options_text(s, s->options, option), &number))
        return 0;
    return number;
}

int mig_options_choice(struct mig_session *s, enum mig_option option)
{
    const int place =
        find_choice(rows[option].choices, mig_options_text(s, s->options, option));

    return place < 0 ? 0 : place;
}
