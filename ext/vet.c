#include "compiler.h"

#include "vet.h"

#include "file.h"
#include "foreign.h"
#include "locate.h"
#include "name.h"
#include "options.h"

/* What to do about a defect in what a program printed, where a file's hint would mislead. */
static const char *hint_for_program(enum mig_script_defect_kind kind)
{
    if (kind == MIG_SCRIPT_NO_STATEMENT)
        return "print at least one, e.g. SELECT 1;";
    if (kind == MIG_SCRIPT_TRANSACTION_WORD)
        return "the engine opens and ends the transaction; remove it";
    if (kind == MIG_SCRIPT_ATTACH_WORD || kind == MIG_SCRIPT_VACUUM_WORD ||
        kind == MIG_SCRIPT_PRAGMA_NO_EFFECT)
        return "a program's statements always run in one transaction; remove it";
    return mig_script_defect_hint(kind);
}

/* Fails for a defect of a text. */
static void fail_defect(struct mig_session *s, const char *path, const char *text,
                        size_t length, const struct mig_script_defect *defect, const char *hint)
{
    char word[80];

    mig_name_printable(text + defect->offset, defect->length, word, sizeof(word));
    if (mig_script_defect_has_word(defect->kind))
        mig_session_fail(s, MIG_INVALID, mig_script_defect_message(defect->kind),
                         (int)strlen(word), word);
    else
        mig_session_fail(s, MIG_INVALID, "%s", mig_script_defect_message(defect->kind));
    mig_session_hint(s, "%s", hint);
    mig_locate(s, path, text, length, defect->offset);
}

/* Reads the text by the rules of the dialect, as far as it is sound. */
static bool is_sound(const char *text, size_t length, enum mig_dialect dialect,
                     enum mig_script_place place, struct mig_script *out_script,
                     struct mig_script_defect *out_defect)
{
    return dialect == MIG_DIALECT_SQLITE
               ? mig_script_check(text, length, place, out_script, out_defect)
               : mig_foreign_check(text, length, dialect, place, out_script, out_defect);
}

/* A text and where it comes from. */
struct text {
    const char *path;
    const char *text;
    size_t length;
    enum mig_dialect dialect;
    enum mig_script_place place;
};

/* What is printed by a program cannot be mended in a file, so its defects have hints of their own. */
static void vet(struct mig_session *s, const struct text *given, struct mig_script *out_script)
{
    struct mig_script_defect defect;

    memset(out_script, 0, sizeof(*out_script));
    if (mig_session_ok(s) && !is_sound(given->text, given->length, given->dialect, given->place,
                                       out_script, &defect))
        fail_defect(s, given->path, given->text, given->length, &defect,
                    given->place == MIG_SCRIPT_PROGRAM ? hint_for_program(defect.kind)
                                                       : mig_script_defect_hint(defect.kind));
}

void mig_vet_file(struct mig_session *s, const char *path, const char *text, size_t length,
                  enum mig_dialect dialect, struct mig_script *out_script)
{
    const struct text given = {path, text, length, dialect, MIG_SCRIPT_FILE};

    vet(s, &given, out_script);
}

void mig_vet_printed(struct mig_session *s, const char *path, const char *text, size_t length,
                     enum mig_dialect dialect, struct mig_script *out_script)
{
    const struct text given = {path, text, length, dialect, MIG_SCRIPT_PROGRAM};

    vet(s, &given, out_script);
}

void mig_vet_programs_allowed(struct mig_session *s, const char *path)
{
    if (!mig_session_ok(s) || mig_options_choice(s, MIG_OPTION_SCRIPTS) != 0)
        return;
    mig_session_fail(s, MIG_PERMISSION, "%s is a program, and programs are switched off", path);
    mig_session_hint(s, "read it, then set option scripts to on");
}

static void vet_rollback(struct mig_session *s, const struct mig_source *source,
                         const struct mig_operation *operation,
                         const struct mig_content *content)
{
    struct mig_script down;
    char *path;

    if (!mig_session_ok(s) || content->rollback_code == NULL)
        return;
    path = mig_source_down_path(s, source, operation);
    mig_vet_file(s, path, content->rollback_code, content->rollback_length, source->dialect,
                 &down);
    sqlite3_free(path);
}

void mig_vet_operation(struct mig_session *s, const struct mig_source *source,
                       const struct mig_operation *operation, struct mig_content *out_content,
                       struct mig_script *out_script)
{
    memset(out_script, 0, sizeof(*out_script));
    mig_source_read(s, source, operation, out_content);
    if (operation->type == MIG_TYPE_PROGRAM) {
        mig_file_check_executable(s, source->dir_fd, source->dir, operation->path);
        mig_vet_programs_allowed(s, operation->path);
        return;
    }
    if (mig_session_ok(s))
        mig_vet_file(s, operation->path, out_content->code, out_content->code_length,
                     source->dialect, out_script);
    vet_rollback(s, source, operation, out_content);
}
