#include "compiler.h"

#include "lint_mix.h"

static void copy_name(const char *name, struct mig_reader_name *out)
{
    (void)sqlite3_snprintf((int)sizeof(out->text), out->text, "%s", name == NULL ? "" : name);
}

void mig_lint_mix_rows(struct mig_lint_mix *mix, size_t statement, const char *table)
{
    if (mix->has_rows || table[0] == '\0')
        return;
    mix->has_rows = true;
    mix->statement = statement;
    copy_name(table, &mix->table);
}

void mig_lint_mix_name(struct mig_lint_mix *mix, const char *kind, const char *object)
{
    static const char *const changes[] = {"create ", "drop ",   "add ",    "alter ",
                                          "rename ", "change ", "detach ", NULL};

    for (size_t i = 0; mix->kind == NULL && changes[i] != NULL; i++) {
        if (strncmp(kind, changes[i], strlen(changes[i])) != 0)
            continue;
        mix->kind = kind;
        copy_name(object, &mix->object);
    }
}

void mig_lint_mix_note(struct mig_session *s, struct mig_lint *lint,
                       const struct mig_lint_mix *mix, enum mig_dialect dialect)
{
    const char *then = dialect == MIG_DIALECT_MYSQL
                           ? "; MySQL commits at each change of the schema, so a failure can "
                             "leave the one without the other"
                           : "; the locks of both are held until both are done";

    if (mix->has_rows && mix->kind != NULL)
        mig_lint_note(s, lint, mix->statement, MIG_RULE_MIXED_CHANGE, mix->table.text,
                      "changes rows of %s in an operation that changes the schema too "
                      "(%s%s%s)%s",
                      mix->table.text, mix->kind, mix->object.text[0] == '\0' ? "" : " ",
                      mix->object.text, then);
}
