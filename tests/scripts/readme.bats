#!/usr/bin/env bats
# README.md: what the commands of its programs print, and the programs that it names.

load ../helpers/migrate
load ../readme/document
load page

setup() {
    use_scratch
    use_page
}

@test "README.md: shows what the commands of the programs print" {
    run_page README.md
    [ "$commands" -gt 6 ]
}

# shellcheck disable=SC2016 # the backquotes are those of the page
@test "README.md: names every program that is installed" {
    diff -u <(make -s -f "$root/GNUmakefile" programs | sort) \
        <(sed -n '/^## From a command line/,/^## /s/^| \(`[^|]*\) |.*/\1/p' "$root/README.md" | grep -o '`[^`]*`' | tr -d '`' | sort)
}
