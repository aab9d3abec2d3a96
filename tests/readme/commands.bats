#!/usr/bin/env bats
# Every command that README.md and docs/*.md show is run, and prints what they show.

# shellcheck disable=SC2016 # the backquotes are those of the pages

load ../helpers/migrate
load document

setup() {
    use_scratch
    use_documents
}

# Runs the console blocks of a document, of which there must be some.
shows_the_truth() { # <document>
    run_console "$1"
    [ "$commands" -gt 0 ]
}

@test "README.md: shows what its commands print" {
    rm -r top/migrations
    shows_the_truth README.md
}

@test "docs/sql.md: shows what its commands print" {
    shows_the_truth docs/sql.md
}

@test "docs/options.md: shows what its commands print" {
    shows_the_truth docs/options.md
}

@test "docs/migrations.md: shows what its commands print" {
    shows_the_truth docs/migrations.md
}

@test "docs/tracking-table.md: shows what its commands print" {
    shows_the_truth docs/tracking-table.md
}

@test "docs/guarantees.md: shows what its commands print" {
    shows_the_truth docs/guarantees.md
}

@test "documents: every page with commands is tested, here or with a server" {
    local page
    for page in $(cd "$root" && printf '%s\n' *.md docs/*.md); do
        grep -q '^```console$' "$root/$page" || continue
        grep -qF "    shows_the_truth $page" "$BATS_TEST_FILENAME" ||
            grep -rqF --include='*.bats' "    run_console $page" "$root/tests/servers" || {
            printf '%s\n' "$page"
            return 1
        }
    done
}

@test "documents: every command that cannot run here is run by the test that is named for it" {
    local page command file
    for page in $(cd "$root" && printf '%s\n' *.md docs/*.md); do
        while IFS= read -r command; do
            file=$(sed -n "s|^$command: ||p" "$root/tests/readme/elsewhere")
            grep -qF "$command" "$root/${file:-nothing}" || {
                printf '%s shows a command that no test runs: %s\n' "$page" "$command"
                return 1
            }
        done < <(fenced "$page" sh)
    done
}

@test "documents: a command that prints something else fails the test" {
    mkdir other
    printf '```console\n$ echo one\none\n$ echo two\nthree\n```\n' >other/page.md
    run -1 run_console other/page.md .
    [ "${lines[0]}" = "other/page.md:4: prints something else:" ]
}

@test "drivers.md: shows the programs that the drivers' tests run" {
    local language
    for language in python:py php:php perl:pl ruby:rb; do
        diff -u <(fenced docs/drivers.md "${language%:*}") "$root/tests/drivers/programs/apply.${language#*:}"
    done
}
