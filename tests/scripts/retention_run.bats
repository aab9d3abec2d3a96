#!/usr/bin/env bats
# The removal of snapshots: what is proven before, what happens when something cannot be removed.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load library

setup() {
    use_scratch
    use_library store checksum retention_plan retention
    mkdir backups
    keep_last=2 min_keep=1
}

# A snapshot of a day, with its checksum.
snapshot() { # <YYYYMMDD> [<name>]
    local name=default_$1T120000Z_${2-snapshot}.sqlite
    printf 'the snapshot of %s\n' "$1" >"backups/$name"
    (cd backups && sha256sum "$name" >"$name.sha256")
}

four_snapshots() {
    snapshot 20260101
    snapshot 20260102
    snapshot 20260103
    snapshot 20260104
}

prune() { # <variable=value>...
    library 'keep_last=$1 min_keep=$2; shift 2; for setting; do export "$setting"; done; store=./backups; retention_run default' \
        "$keep_last" "$min_keep" "$@"
}

# The days whose snapshots are there, on one line.
days() {
    (cd backups && printf '%s\n' *.sqlite | sed 's/.*_\([0-9]*\)T.*/\1/' | tr '\n' ' ')
}

@test "retention: removes what is too much, with its checksum, and says nothing" {
    four_snapshots
    run --separate-stderr -0 prune
    [ "$output" = "" ]
    [ "$stderr" = "" ]
    [ "$(ls backups)" = "default_20260103T120000Z_snapshot.sqlite
default_20260103T120000Z_snapshot.sqlite.sha256
default_20260104T120000Z_snapshot.sqlite
default_20260104T120000Z_snapshot.sqlite.sha256" ]
}

@test "retention: prints with a dry run exactly what it would remove, and removes nothing" {
    four_snapshots
    run --separate-stderr -0 prune retention_dry_run=yes
    [ "$output" = "default_20260101T120000Z_snapshot.sqlite
default_20260102T120000Z_snapshot.sqlite" ]
    [ "$stderr" = "" ]
    [ "$(days)" = "20260101 20260102 20260103 20260104 " ]
    printf '%s\n' "$output" >listed
    (cd backups && printf '%s\n' *.sqlite) >before
    prune
    (cd backups && printf '%s\n' *.sqlite) | comm -13 - before >removed
    diff listed removed
}

@test "retention: keeps everything when no number was said, or all of them are 0" {
    four_snapshots
    keep_last=0 min_keep=0 prune keep_daily=0 keep_weekly=00 keep_monthly=
    keep_last='' prune
    [ "$(days)" = "20260101 20260102 20260103 20260104 " ]
}

@test "retention: keeps three at least when nobody says how many, and one whatever is said" {
    four_snapshots
    keep_last=1 min_keep='' prune
    [ "$(days)" = "20260102 20260103 20260104 " ]
    keep_last=1 min_keep=0 prune
    [ "$(days)" = "20260104 " ]
}

@test "retention: works with each of the other numbers" {
    four_snapshots
    snapshot 20251231
    snapshot 20251130
    keep_last='' prune keep_monthly=3
    [ "$(days)" = "20251130 20251231 20260104 " ]
    snapshot 20260103
    snapshot 20260102
    keep_last='' prune keep_weekly=1 keep_daily=2
    [ "$(days)" = "20260103 20260104 " ]
}

@test "retention: counts no snapshot without a checksum, and leaves it" {
    four_snapshots
    rm backups/default_20260104T120000Z_snapshot.sqlite.sha256
    printf 'no checksum\n' >backups/default_20260103T120000Z_snapshot.sqlite.sha256
    prune
    [ "$(days)" = "20260101 20260102 20260103 20260104 " ]
    keep_last=1 prune
    [ "$(days)" = "20260102 20260103 20260104 " ]
}

@test "retention: removes nothing while what would stay is damaged" {
    four_snapshots
    printf 'x' >>backups/default_20260103T120000Z_snapshot.sqlite
    printf 'x' >>backups/default_20260104T120000Z_snapshot.sqlite
    run --separate-stderr -65 prune
    [ "$output" = "" ]
    [ "$stderr" = "test: warning: default_20260104T120000Z_snapshot.sqlite does not match its checksum
test: warning: default_20260103T120000Z_snapshot.sqlite does not match its checksum
test: nothing was removed: 0 of the snapshots of default that would stay are good, and 1 must be
hint: move default_20260103T120000Z_snapshot.sqlite and its .sha256 out of backups" ]
    [ "$(days)" = "20260101 20260102 20260103 20260104 " ]
}

@test "retention: does the same with a dry run while what would stay is damaged" {
    four_snapshots
    printf 'x' >>backups/default_20260104T120000Z_snapshot.sqlite
    min_keep=2 run --separate-stderr -65 prune retention_dry_run=yes
    [ "$output" = "" ]
    [ "$stderr" = "test: warning: default_20260104T120000Z_snapshot.sqlite does not match its checksum
test: nothing was removed: 1 of the snapshots of default that would stay are good, and 2 must be
hint: move default_20260104T120000Z_snapshot.sqlite and its .sha256 out of backups" ]
}

@test "retention: removes nothing while the only one that would stay is damaged, whatever is said" {
    four_snapshots
    printf 'x' >>backups/default_20260104T120000Z_snapshot.sqlite
    keep_last=1 min_keep=0 run --separate-stderr -65 prune
    [ "$(days)" = "20260101 20260102 20260103 20260104 " ]
}

@test "retention: counts on behind a damaged snapshot, and says so" {
    four_snapshots
    printf 'x' >>backups/default_20260104T120000Z_snapshot.sqlite
    run --separate-stderr -0 prune
    [ "$stderr" = "test: warning: default_20260104T120000Z_snapshot.sqlite does not match its checksum" ]
    [ "$(days)" = "20260103 20260104 " ]
}

@test "retention: does not count what came from a clock that was ahead" {
    four_snapshots
    snapshot 29990101
    prune
    [ "$(days)" = "20260103 20260104 29990101 " ]
}

@test "retention: leaves other people's files, other labels, folders and symbolic links alone" {
    four_snapshots
    snapshot 20250101
    mv backups/default_20250101T120000Z_snapshot.sqlite elsewhere.sqlite
    ln -s ../elsewhere.sqlite backups/default_20250101T120000Z_snapshot.sqlite
    mkdir backups/default_20240101T120000Z_folder.sqlite
    : >backups/default_20230101T120000Z_snapshot.sqlite.part
    : >'backups/default_20230101T120000Z_two words.sqlite'
    : >backups/reports_20220101T120000Z_snapshot.sqlite
    : >backups/reports_20220101T120000Z_snapshot.sqlite.sha256
    : >backups/-rf
    : >backups/REGISTER.md
    prune
    [ "$(cd backups && printf '%s\n' *)" = "-rf
REGISTER.md
default_20230101T120000Z_snapshot.sqlite.part
default_20230101T120000Z_two words.sqlite
default_20240101T120000Z_folder.sqlite
default_20250101T120000Z_snapshot.sqlite
default_20250101T120000Z_snapshot.sqlite.sha256
default_20260103T120000Z_snapshot.sqlite
default_20260103T120000Z_snapshot.sqlite.sha256
default_20260104T120000Z_snapshot.sqlite
default_20260104T120000Z_snapshot.sqlite.sha256
reports_20220101T120000Z_snapshot.sqlite
reports_20220101T120000Z_snapshot.sqlite.sha256" ]
    [ -f elsewhere.sqlite ]
}

@test "retention: works in a folder whose name holds everything" {
    four_snapshots
    local place=$'-a b\'c"d\\e%\nf'
    mv backups "./$place"
    library 'keep_last=1 min_keep=1 store=$1; retention_run default' "./$place"
    [ "$(cd "./$place" && printf '%s\n' *)" = "default_20260104T120000Z_snapshot.sqlite
default_20260104T120000Z_snapshot.sqlite.sha256" ]
}

# A stand-in for rm that cannot remove what has a name with these letters.
rm_fails() { # <letters> <reason>
    mkdir bin
    cat >bin/rm <<RM
#!/bin/sh
case \$* in
*$1*)
    printf 'rm: cannot remove: %s\n' '$2' >&2
    exit 1
    ;;
*) exec $(command -v rm) "\$@" ;;
esac
RM
    chmod +x bin/rm
    PATH=$PWD/bin:$PATH
}

@test "retention: goes on behind a file that cannot be removed, and reports it" {
    four_snapshots
    rm_fails 20260101 'Input/output error'
    run --separate-stderr -74 prune
    [ "$output" = "" ]
    [ "$stderr" = "test: warning: cannot remove default_20260101T120000Z_snapshot.sqlite: Input/output error
test: not all of the snapshots that are too many could be removed
hint: check the permissions in backups, and lsattr" ]
    [ "$(days)" = "20260101 20260103 20260104 " ]
    [ -f backups/default_20260101T120000Z_snapshot.sqlite.sha256 ]
}

@test "retention: tells a missing permission from a broken disk" {
    four_snapshots
    rm_fails 20260102 'Operation not permitted'
    run --separate-stderr -77 prune
    [ "${stderr_lines[0]}" = "test: warning: cannot remove default_20260102T120000Z_snapshot.sqlite: Operation not permitted" ]
}

@test "retention: refuses what is not a number" {
    four_snapshots
    keep_last=all run --separate-stderr -64 prune
    [ "$stderr" = 'test: option --keep-last: "all" is not a number
hint: it is how many snapshots are to stay; 0 is none' ]
    min_keep=-1 run --separate-stderr -64 prune
    [ "${stderr_lines[0]}" = 'test: option --min-keep: "-1" is not a number' ]
    run --separate-stderr -64 prune keep_weekly=12345678
    [ "$stderr" = "test: option --keep-weekly: 12345678 is too large" ]
    [ "$(days)" = "20260101 20260102 20260103 20260104 " ]
}

@test "retention: takes 08 for eight" {
    four_snapshots
    keep_last=08 min_keep=08 prune
    [ "$(days)" = "20260101 20260102 20260103 20260104 " ]
    keep_last=02 min_keep=01 prune
    [ "$(days)" = "20260103 20260104 " ]
}

@test "retention: works in every shell" {
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        four_snapshots
        prune
        [ "$(days)" = "20260103 20260104 " ]
        [ "$(ls -A tmp)" = "" ]
    done
}
