#include "compiler.h"

#include "vet.h"

#include "file.h"
#include "locate.h"
#include "options.h"

void mig_vet_text(struct mig_session *s, const char *path, const char *text, size_t length,
                  enum mig_script_place place, struct mig_script *out_script)
{
    struct mig_script_defect defect;

    memset(out_script, 0, sizeof(*out_script));
    if (!mig_session_ok(s) || mig_script_check(text, length, place, out_script, &defect))
        return;
    if (mig_script_defect_has_word(defect.kind))
        mig_session_fail(s, MIG_INVALID, mig_script_defect_message(defect.kind),
                         (int)defect.length, text + defect.offset);
    else
        mig_session_fail(s, MIG_INVALID, "%s", mig_script_defect_message(defect.kind));
    mig_session_hint(s, "%s", mig_script_defect_hint(defect.kind));
    mig_locate(s, path, text, length, defect.offset);
}

void mig_vet_programs_allowed(struct mig_session *s, const char *path)
{
    if (!mig_session_ok(s) || mig_options_choice(s, MIG_OPTION_SCRIPTS) != 0)
        return;
    mig_session_fail(s, MIG_PERMISSION, "%s is a program, and programs are switched off", path);
    mig_session_hint(s, "read it, then SELECT migrate_config('scripts', 'on')");
}

static void vet_rollback(struct mig_session *s, const struct mig_operation *operation,
                         const struct mig_content *content)
{
    struct mig_script down;
    char *path;

    if (!mig_session_ok(s) || content->rollback_code == NULL)
        return;
    path = sqlite3_mprintf("%.*s_down.sql", (int)operation->stem_length, operation->path);
    if (path == NULL)
        mig_session_fail_memory(s);
    else
        mig_vet_text(s, path, content->rollback_code, content->rollback_length, MIG_SCRIPT_FILE,
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
        mig_vet_text(s, operation->path, out_content->code, out_content->code_length,
                     MIG_SCRIPT_FILE, out_script);
    vet_rollback(s, operation, out_content);
}
