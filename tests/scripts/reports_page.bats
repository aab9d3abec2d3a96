#!/usr/bin/env bats
# docs/rehearsal.md, docs/status-capture.md, docs/config-drift.md, docs/production-runbook-sqlite.md, docs/release-checklist.md: what
# their commands print, and what they list.

load ../helpers/migrate
load ../readme/document
load page

setup() {
    use_scratch
    use_page
}

@test "docs/status-capture.md: shows what its commands print" {
    run_page docs/status-capture.md
    [ "$commands" -gt 8 ]
}

@test "docs/rehearsal.md: shows what its commands print" {
    run_page docs/rehearsal.md
    [ "$commands" -gt 6 ]
}

@test "docs/config-drift.md: shows what its commands print" {
    run_page docs/config-drift.md
    [ "$commands" -gt 8 ]
}

@test "docs/production-runbook-sqlite.md: shows what its commands print" {
    run_page docs/production-runbook-sqlite.md
    [ "$commands" -gt 25 ]
}

@test "docs/release-checklist.md: shows what its commands print" {
    run_page docs/release-checklist.md
    [ "$commands" -gt 15 ]
}

# The keys that a manual lists, one line a key.
manual_keys() { # <program>
    "$root/scripts/$1" --help | sed -nE 's/^([a-z_]+|file:PATH|env:PREFIX)  .*/\1/p'
}

@test "docs/config-drift.md: lists the keys that the manual lists" {
    diff <(table_rows docs/config-drift.md '`' | sed 's/ |.*//' | tr -d '`' | sort -u) <(manual_keys check-config-drift.sh | sort)
}

@test "docs/config-drift.md: names every word that makes a secret of a name" {
    local word
    for word in $(sed -n 's,.*return name ~ /\(.*\)/$,\1,p' "$root/scripts/lib/secret.sh" | tr '|' ' '); do
        grep -q "\`$word\`" "$root/docs/config-drift.md" || {
            printf 'not named: %s\n' "$word"
            return 1
        }
    done
    [ "$word" = jwt ]
}
