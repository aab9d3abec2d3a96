#!/usr/bin/env bats
# The rules, by the examples of docs/lint.md: each bad one is reported as the page says, each good one is not,
# on the SQLite of this machine and on the newest.

load ../helpers/migrate
load lint_rules

setup_file() {
    newest_sqlite_build
    lint_examples
}

setup() {
    use_scratch
    complaints=0
}

# The rules of the extension: "ID SEVERITY", in their order.
rules() {
    grep -o '{"[a-z-]*", [A-Z]*,' "$root/ext/rule.c" | tr -d '{",' | tr '[:upper:]' '[:lower:]'
}

# The findings of an example, a line each: rule, severity, object.
findings() { # <number>
    in_example "$1" "SELECT rule || ' ' || severity || ' ' || coalesce(object, '') FROM migrations_plan()
        WHERE rule IS NOT NULL"
}

# Checks that the examples of a pattern are reported as the page says.
reported() { # <pattern of bad ones> <pattern of good ones>
    local number rule severity wanted found checked=0
    for number in $(numbers "$1"); do
        rule=$(of_example "$number" rule)
        severity=$(of_example "$number" severity)
        wanted="$rule ${severity:-$(of_example "$rule" severity)} $(of_example "$number" object)"
        use_example "$number"
        found=$(findings "$number" 2>&1) || complain "$number" "cannot be planned: $found"
        grep -qxF -e "$wanted" <<<"$found" || complain "$number" "expected \"$wanted\", found: ${found//$'\n'/, }"
        checked=$((checked + 1))
    done
    for number in $(numbers "$2"); do
        rule=$(of_example "$number" rule)
        use_example "$number"
        found=$(findings "$number" 2>&1) || complain "$number" "cannot be planned: $found"
        ! grep -q -e "^$rule " <<<"$found" || complain "$number" "the good example is reported: ${found//$'\n'/, }"
        ! grep -q -e "^[a-z-]* error " <<<"$found" || complain "$number" "the good example has an error: ${found//$'\n'/, }"
        checked=$((checked + 1))
    done
    printf '%s examples, %s complaints\n' "$checked" "$complaints"
    [ "$complaints" -eq 0 ] && [ "$checked" -gt 0 ]
}

# Checks that what the page says of the run itself is true: fails, or does not.
runs() { # <pattern of those that run> <pattern of those that fail>
    local number found checked=0
    for number in $(numbers "$1"); do
        [[ $(of_example "$number" rule) != pg-* ]] || continue
        use_example "$number"
        found=$(in_example "$number" 'SELECT migrate_apply()' 2>&1) || complain "$number" "does not run: $found"
        checked=$((checked + 1))
    done
    for number in $(numbers "$2"); do
        [[ $(of_example "$number" rule) != pg-* ]] || continue
        use_example "$number"
        ! found=$(in_example "$number" 'SELECT migrate_apply()' 2>&1) || complain "$number" "runs: $found"
        checked=$((checked + 1))
    done
    printf '%s examples, %s complaints\n' "$checked" "$complaints"
    [ "$complaints" -eq 0 ] && [ "$checked" -gt 0 ]
}

@test "lint.md: has a section for each rule, in their order, with its severity" {
    [ "$(rules | wc -l)" -eq "$(sed -n '/^enum mig_rule {/,/^}/p' "$root/ext/rule.h" | grep -c '^    MIG_RULE_[A-Z_]*,' |
        awk '{ print $1 - 1 }')" ]
    diff -u <(rules) <(sed -n 's/^### //p' "$root/docs/lint.md" | while IFS= read -r rule; do
        printf '%s %s\n' "$rule" "$(of_example "$rule" severity)"
    done)
}

@test "lint.md: has a bad and a good example for each rule" {
    local rule kind
    for rule in $(rules | cut -d ' ' -f 1); do
        for kind in 'bad|fails' good; do
            numbers "$kind" | while IFS= read -r number; do
                of_example "$number" rule
                printf '\n'
            done | grep -qx -e "$rule" || {
                printf '%s: there is no example of the kind %s\n' "$rule" "$kind"
                complaints=$((complaints + 1))
            }
        done
    done
    [ "$complaints" -eq 0 ]
}

@test "rules: the examples are reported, and the near misses are not" {
    reported 'bad|fails' good
}

@test "rules: the same on the newest SQLite" {
    use_newest_sqlite
    reported '(newest-)?(bad|fails)' '(newest-)?good'
}

@test "rules: the examples run or fail as the page says" {
    runs 'bad|good' fails
}

@test "rules: the examples run or fail as the page says on the newest SQLite" {
    use_newest_sqlite
    runs '(newest-)?(bad|good)' '(newest-)?fails'
}

@test "rules: a finding is approved by the line that the page shows" {
    local number rule line place found checked=0
    for number in $(numbers 'bad|fails'); do
        rule=$(of_example "$number" rule)
        { IFS= read -r line && { IFS= read -r place || :; }; } <"$examples/$rule.approve" || continue
        [[ "$line " == *" $(of_example "$number" object):"* || $line == *" $rule: "* ]] || continue
        use_example "$number" "$line" "${place:-up}"
        found=$(in_example "$number" "SELECT approved || ' ' || reason FROM migrations_plan() WHERE rule = '$rule'" 2>&1)
        grep -qxF -e "1 ${line#*: *: }" <<<"$found" || complain "$number" "is not approved: $found"
        checked=$((checked + 1))
    done
    [ "$complaints" -eq 0 ] && [ "$checked" -gt 30 ]
}

@test "rules: nothing is approved without such a line" {
    local number found
    for number in $(numbers 'bad|fails'); do
        use_example "$number"
        found=$(in_example "$number" 'SELECT count(*) FROM migrations_plan() WHERE approved' 2>&1)
        [ "$found" = 0 ] || complain "$number" "approved: $found"
    done
    [ "$complaints" -eq 0 ]
}

@test "rules: a plan leaves the database and the folder as they were" {
    local number before after
    for number in $(numbers 'bad|fails|good'); do
        use_example "$number"
        in_example "$number" 'SELECT 1' >/dev/null
        before=$(find . -type f ! -name script.sql -exec sha256sum {} + | sort)
        mig 'SELECT count(*) FROM migrations_plan()' >/dev/null 2>&1 || complain "$number" "cannot be planned"
        after=$(find . -type f ! -name script.sql -exec sha256sum {} + | sort)
        [ "$before" = "$after" ] || complain "$number" "the plan changes files"
    done
    [ "$complaints" -eq 0 ]
}
