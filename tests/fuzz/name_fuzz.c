/* Any bytes as the name of a file or a folder, and as text for a message. */
#include "name.h"

#define REQUIRE(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The parts of a sound name stand where they should, and make up the name again. */
static void check_parts(const char *file, const struct mig_name *name)
{
    static const char *const endings[] = {"_up.sql", "_down.sql", "."};
    const char *ending = endings[name->part];
    int64_t version = 0;
    char digits[MIG_NAME_MAX + 1] = "";
    char task[MIG_NAME_MAX + 1] = "";

    REQUIRE(name->version >= 1 && name->task > file);
    REQUIRE(name->task + name->task_length + 1 == name->description);
    REQUIRE(name->description + name->description_length == file + name->stem_length);
    REQUIRE(name->description_length > 0 && strlen(file) <= MIG_NAME_MAX);
    REQUIRE(strncmp(file + name->stem_length, ending, strlen(ending)) == 0);
    memcpy(digits, file, (size_t)(name->task - file) - 1);
    REQUIRE(mig_name_version(digits, &version) && version == name->version);
    memcpy(task, name->task, name->task_length);
    REQUIRE(mig_name_is_task(task));
    REQUIRE(!mig_name_is_date(file) && !mig_name_is_ignored(file));
}

static void check_name(const char *file, size_t length)
{
    struct mig_name name;
    size_t at = 0;
    size_t wrong = 0;
    enum mig_name_defect defect = mig_name_parse(file, &name, &at, &wrong);

    if (defect == MIG_NAME_SOUND)
        check_parts(file, &name);
    REQUIRE(at <= length && wrong <= length - at);
    REQUIRE(mig_name_defect_message(defect) != NULL);
    REQUIRE(defect == MIG_NAME_EXTENSION_LETTERS || wrong > 0 ||
            !mig_name_defect_has_word(defect));
}

static void check_printable(const char *text, size_t length)
{
    for (size_t size = 8; size < 40; size++) {
        char *out = malloc(size);
        char again[400];

        REQUIRE(out != NULL);
        mig_name_printable(text, length, out, size);
        REQUIRE(strlen(out) < size);
        for (const char *byte = out; *byte != '\0'; byte++)
            REQUIRE((unsigned char)*byte >= 0x20 && *byte != 0x7F);
        /* What is printable already only has its backslashes doubled. */
        mig_name_printable(out, strlen(out), again, sizeof again);
        REQUIRE(strchr(out, '\\') != NULL || strcmp(out, again) == 0);
        free(out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = size == 0 ? "" : (const char *)data;
    char *text = malloc(size + 1);
    int64_t version = 0;

    REQUIRE(text != NULL);
    memcpy(text, bytes, size);
    text[size] = '\0';
    check_name(text, strlen(text));
    check_printable(bytes, size);
    REQUIRE(!mig_name_is_date(text) || mig_name_is_date_like(text));
    REQUIRE(mig_name_version(text, &version) ? version >= 0 : version == 0);
    free(text);
    return 0;
}
