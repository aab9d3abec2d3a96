#!/usr/bin/env bats
# backups/README.md, docs/backup-and-rollback.md, docs/rollback-log.md: what their commands print.

# shellcheck disable=SC2016 # the backquotes are those of the pages

load ../helpers/migrate
load ../readme/document

setup() {
    local program
    use_scratch
    use_documents
    # As if it had been installed: the programs on the path, the extension where the loader looks.
    mkdir bin pages
    cp -R "$root/scripts" scripts
    for program in scripts/sqlite-migrate scripts/*.sh; do
        ln -s "../$program" bin/
    done
    PATH=$PWD/bin:$PATH
}

# Text without what differs from run to run: times and durations.
settled() {
    sed -E 's/[0-9]{8}T[0-9]{6}Z/TIME/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/WHEN/g
        s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} +[0-9]+ ms/WHEN/'
}

# Runs the commands of a page in order, and compares what they print with what the page shows.
shows_the_truth() { # <page>
    local step
    mkdir steps
    sed 's/^```shell-session$/```console/' "$root/$1" >pages/page.md
    awk -v out=steps -f "$root/tests/readme/console.awk" pages/page.md
    commands=0
    while [ -f "steps/$((commands + 1)).command" ]; do
        commands=$((commands + 1))
        step=steps/$commands
        as_reader sh "../$step.command" >"$step.output" 2>&1 </dev/null || :
        diff -u <(settled <"$step.expected") <(settled <"$step.output") >"$step.diff" || {
            printf '%s:%s: prints something else:\n' "$1" "$(cat "$step.line")"
            cat "$step.command" "$step.diff"
            return 1
        }
    done
}

@test "backups/README.md: shows what its commands print" {
    shows_the_truth backups/README.md
    [ "$commands" -ge 9 ]
}

@test "docs/backup-and-rollback.md: shows what its commands print" {
    shows_the_truth docs/backup-and-rollback.md
    [ "$commands" -ge 25 ]
}

@test "docs/rollback-log.md: shows what its commands print" {
    shows_the_truth docs/rollback-log.md
    [ "$commands" -ge 8 ]
}
