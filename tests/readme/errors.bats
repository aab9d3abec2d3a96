#!/usr/bin/env bats
# docs/errors.md: its examples are what the extension says.

load ../helpers/migrate
load document
load situations

setup() {
    use_scratch
}

# The text block under a heading of the third order.
shown() { # <heading>
    awk -v heading="### $1" '
        /^#/ { inside = ($0 == heading) }
        /^```/ { in_block = inside && $0 == "```text"; next }
        in_block { print }
    ' "$root/docs/errors.md"
}

# Runs a function in a scratch folder of its own.
alone() { # <function>
    (
        mkdir "$BATS_TEST_TMPDIR/$1"
        cd "$BATS_TEST_TMPDIR/$1" || return
        mkdir "$folder"
        "$1"
    )
}

situations() {
    declare -F | sed -n 's/^declare -f situation_//p'
}

@test "errors.md: shows the message and the hint of each situation" {
    local situation heading
    for situation in $(situations); do
        heading=${situation//_/ }
        [ "$situation" != statement_fails ] || continue
        diff -u <(shown "$heading") <(alone "situation_$situation") || {
            printf 'docs/errors.md, %s\n' "$heading"
            return 1
        }
    done
}

@test "errors.md: shows at its top how a statement fails" {
    diff -u <(fenced docs/errors.md text | head -n 3) <(alone situation_statement_fails)
}

@test "errors.md: has no example that nothing reproduces" {
    local headings
    headings=$(sed -n 's/^### //p' "$root/docs/errors.md" | tr ' ' _ | sort)
    diff -u <(situations | sort) <(printf '%s\n' "$headings")
}

@test "errors.md: lists what is wrong with a name as the extension does" {
    diff -u <(section_rows docs/errors.md '### bad name') <(alone names_refused | sed 's/^| //; s/ |$//')
}

@test "errors.md: lists what is wrong with a text as the extension does" {
    diff -u <(section_rows docs/errors.md '### bad file') <(alone texts_refused | sed 's/^| //; s/ |$//')
}

@test "errors.md: lists every kind of failure with its code, exit status and hint" {
    local kinds
    kinds=$(sed -e ':join' -e '/,$/{ N; s/\n */ /; b join' -e '}' "$root/ext/outcome.def" |
        sed -n 's/^MIG_OUTCOME([A-Z_]*, "\([^"]*\)", \(SQLITE_[A-Z]*\), \([0-9]*\), "\(.*\)")$/\1 | \2 | \3 | \4/p')
    [ "$(printf '%s\n' "$kinds" | wc -l)" -eq "$(grep -c '^MIG_OUTCOME(' "$root/ext/outcome.def")" ]
    diff -u <(section_rows docs/errors.md '## Kinds') <(printf '%s\n' "$kinds")
}

@test "errors.md: has a section for every finding" {
    local finding
    while IFS= read -r finding; do
        grep -qxF "### $finding" "$root/docs/errors.md" || {
            printf 'docs/errors.md does not explain: %s\n' "$finding"
            return 1
        }
    done < <(sed -n 's/^MIG_PROBLEM([A-Z_]*, "\(.*\)")$/\1/p' "$root/ext/outcome.def")
}
