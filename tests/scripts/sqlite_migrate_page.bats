#!/usr/bin/env bats
# docs/command.md: what its commands print, and its table of exit statuses.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../readme/document
load front

setup() {
    use_scratch
    use_documents
    # As if it had been installed: the program on the path, the extension where the loader looks.
    mkdir bin
    cp -R "$root/scripts" scripts
    ln -s ../scripts/sqlite-migrate bin/sqlite-migrate
    PATH=$PWD/bin:$PATH
}

@test "docs/command.md: shows what its commands print" {
    mkdir docs
    sed 's/^```shell-session$/```console/' "$root/docs/command.md" >docs/command.md
    run_console docs/command.md .
    [ "$commands" -gt 15 ]
}

@test "docs/command.md: lists the exit statuses that the help lists" {
    diff -u <(table_rows docs/command.md '[0-9]' | sed 's/ |.*//') \
        <("$root/scripts/sqlite-migrate" help | sed -n '/^Exit status/,$p' | tr -c '0-9' '\n' | grep -v '^$')
}

@test "docs/command.md: names every command" {
    local file
    for file in "$root"/scripts/commands/*; do
        grep -qE "sqlite-migrate ${file##*/}|\`${file##*/}\`" "$root/docs/command.md" || {
            printf '%s\n' "${file##*/}"
            return 1
        }
    done
}
