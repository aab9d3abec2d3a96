/*
 * The statements of the corpus that the fuzzer starts from, as this project and SQLite find them.
 * The arguments are the files to read instead.
 */
#include "../fuzz/agreement.h"
#include "tap.h"

#include <glob.h>

#define MAX_FILE_BYTES 65536

static void test_file(struct tap *tap, const char *path, struct agreement *sums)
{
    static char text[MAX_FILE_BYTES];
    FILE *file = fopen(path, "rb");
    const char *slash = strrchr(path, '/');
    struct agreement agreement = {.reason = "the file cannot be read"};
    char behaviour[256];

    if (file != NULL) {
        agreement = agreement_walk(text, fread(text, 1, sizeof text, file));
        (void)fclose(file);
    }
    (void)snprintf(behaviour, sizeof behaviour,
                   "agreement: SQLite ends the statements of %s alike",
                   slash == NULL ? path : slash + 1);
    if (!tap_ok(tap, agreement.reason == NULL, behaviour))
        printf("# at offset %zu: %s\n", agreement.at, agreement.reason);
    sums->statements += agreement.statements;
    sums->compared += agreement.compared;
}

int main(int argc, char **argv)
{
    struct tap tap = {0, 0};
    struct agreement sums = {.reason = NULL};
    glob_t found = {.gl_pathc = 0};

    for (int i = 1; i < argc; i++)
        test_file(&tap, argv[i], &sums);
    if (argc == 1 && glob("tests/fuzz/corpus/script/*", 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            test_file(&tap, found.gl_pathv[i], &sums);
        globfree(&found);
    }
    printf("# %zu statements, %zu compared\n", sums.statements, sums.compared);
    tap_ok(&tap, sums.compared > 0 && sums.compared * 10 >= sums.statements * 9,
           "agreement: SQLite understands nine statements of ten");
    return tap_end(&tap);
}
