#include "rule.h"
#include "tap.h"

static bool is_id(const char *id)
{
    for (const char *at = id; *at != '\0'; at++)
        if ((*at < 'a' || *at > 'z') && *at != '-')
            return false;
    return id[0] != '\0';
}

static bool is_phrase(const char *text)
{
    size_t length = strlen(text);

    return length > 10 && text[length - 1] != '.' && text[length - 1] != ' ' &&
           strstr(text, "  ") == NULL && strchr(text, '\n') == NULL;
}

static void test_rules(struct tap *tap)
{
    for (size_t i = 0; i < MIG_RULE_COUNT; i++) {
        const struct mig_rule_info *info = mig_rule_info((enum mig_rule)i);
        char behaviour[128];
        bool has_id = info != NULL && info->id != NULL && is_id(info->id);

        (void)snprintf(behaviour, sizeof behaviour, "rule: %zu has an id", i);
        if (!tap_ok(tap, has_id, behaviour))
            continue;
        (void)snprintf(behaviour, sizeof behaviour, "find: %s is found by its id", info->id);
        tap_ok(tap, mig_rule_find(info->id, strlen(info->id)) == (enum mig_rule)i, behaviour);
        (void)snprintf(behaviour, sizeof behaviour, "info: %s says why, and what to do",
                       info->id);
        tap_ok(tap,
               info->why != NULL && is_phrase(info->why) && info->advice != NULL &&
                   is_phrase(info->advice),
               behaviour);
    }
}

static void test_others(struct tap *tap)
{
    tap_ok(tap, mig_rule_info(MIG_RULE_COUNT) == NULL, "info: none of what is no rule");
    tap_ok(tap, mig_rule_find("", 0) == MIG_RULE_COUNT, "find: nothing is no rule");
    tap_ok(tap, mig_rule_find("drop", 4) == MIG_RULE_COUNT, "find: a part is no rule");
    tap_ok(tap, mig_rule_find("drop-table-", 11) == MIG_RULE_COUNT,
           "find: more than a rule is none");
    tap_ok(tap, mig_rule_find("Drop-Table", 10) == MIG_RULE_COUNT,
           "find: the case of letters counts");
    tap_ok(tap, mig_rule_find("drop-tables", 10) == MIG_RULE_DROP_TABLE,
           "find: nothing behind the length is read");
}

static void test_severities(struct tap *tap)
{
    tap_same(tap, mig_rule_severity_name(MIG_RULE_SEVERITY_NOTE), "note", "severity: note");
    tap_same(tap, mig_rule_severity_name(MIG_RULE_SEVERITY_WARN), "warn", "severity: warn");
    tap_same(tap, mig_rule_severity_name(MIG_RULE_SEVERITY_ERROR), "error", "severity: error");
}

int main(void)
{
    struct tap tap = {0, 0};

    test_rules(&tap);
    test_others(&tap);
    test_severities(&tap);
    return tap_end(&tap);
}
