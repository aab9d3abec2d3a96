#!/usr/bin/env bats
# The register of snapshots and the log of roll backs.

# shellcheck disable=SC2016,SC2119,SC2120 # quotes: for the programs; `run` passes the arguments

load ../helpers/migrate
load front
load backup
load library

setup() {
    use_scratch
    use_library lock store register register_snapshot
}

# Adds an entry to the log with the library alone.
log() { # <when> <who> <what> <environment> <connection> <snapshot> [<file>]
    library 'store_open; register_rollback "$@"' "$@"
}

# Adds a row to the register with the library alone.
row() { # <who> <purpose> <scope> <file> <bytes> <checksum>
    library 'store_open; register_snapshot "$@"; register_end' "$@"
}

# How many cells each row of the register has.
cells() {
    sed -n '/^|/{ s/\\|//g; p; }' "$1" | awk -F'|' '{ print NF }' | sort -u
}

@test "register: a new one begins with a head, and gets a row for each snapshot" {
    row ann nightly everything a.sqlite 10 abc
    MIGRATE_ENV=production row bob '' users b.partial.sqlite 20 def
    [ "$(sed -E 's/[0-9-]{10}T[0-9:]{8}Z/WHEN/' backups/REGISTER.md)" = "# Register of snapshots

| taken (UTC) | who | purpose | environment | scope | file | bytes | SHA-256 | verified |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| WHEN | ann | nightly | local | everything | a.sqlite | 10 | abc | yes |
| WHEN | bob | - | production | users | b.partial.sqlite | 20 | def | yes |" ]
    [ "$(stat -c %a backups/REGISTER.md)" = 600 ]
}

@test "register: values that are markup, or hold line ends, stay in their cells" {
    row 'a|b' $'line one\nline two\ttab\r\n' '`code` | $(id) \| \ x' '<b>*x*</b> & [a](b)' '|' $'\001\177'
    [ "$(cells backups/REGISTER.md)" = 11 ]
    [ "$(wc -l <backups/REGISTER.md)" = 5 ]
    [ "$(tail -n 1 backups/REGISTER.md | sed -E 's/[0-9-]{10}T[0-9:]{8}Z/WHEN/')" = '| WHEN | a\|b | line one line two tab   | local | \`code\` \| $(id) \\\| \\ x | &lt;b>\*x\*&lt;/b> &amp; \[a](b) | \| |    | yes |' ]
}

@test "register: goes on behind what a person has written, also where the last line is open" {
    mkdir backups
    printf '# Ours\n\n| a |\n| --- |\n| x |' >backups/REGISTER.md
    row ann nightly everything a.sqlite 10 abc
    [ "$(head -n 5 backups/REGISTER.md)" = "# Ours

| a |
| --- |
| x |" ]
    [ "$(wc -l <backups/REGISTER.md)" = 6 ]
}

@test "register: a symbolic link, a folder and a pipe are refused, and stay" {
    mkdir backups elsewhere
    printf 'precious\n' >precious
    ln -s ../precious backups/REGISTER.md
    run --separate-stderr -77 row ann nightly everything a.sqlite 10 abc
    [ "$stderr" = "test: backups/REGISTER.md is a symbolic link
hint: find out who made it, and remove it" ]
    [ "$(cat precious)" = precious ]
    mkdir backups/rollback-log.md
    run --separate-stderr -73 log now ann x local default ''
    [ "$stderr" = "test: backups/rollback-log.md is not a file
hint: move it away" ]
    rmdir backups/rollback-log.md
    mkfifo backups/rollback-log.md
    run --separate-stderr -73 log now ann x local default ''
    [ "$(ls backups)" = "REGISTER.md
rollback-log.md" ]
}

@test "register: no row is lost or mixed when many are added at the same time" {
    local number programs=()
    for number in 1 2 3 4 5 6 7 8; do
        (
            for round in 1 2 3; do
                row "writer$number" "$(printf '%0300d' "$number$round")" everything a.sqlite 10 abc
            done
        ) 3>&- &
        programs+=($!)
    done
    for number in "${programs[@]}"; do
        wait "$number"
    done
    [ "$(rows)" = 24 ]
    [ "$(sed -n '/^| 20/{ s/^[^|]*|[^|]*//; p; }' backups/REGISTER.md | sort -u | wc -l)" = 24 ]
    [ "$(cells backups/REGISTER.md)" = 11 ]
    [ "$(find backups -name '.register*')" = "" ]
}

@test "register: what a killed run has begun is removed, and the register was whole all the time" {
    row ann nightly everything a.sqlite 10 abc
    cp backups/REGISTER.md before
    run library 'store_open; register_snapshot "$@"; kill -9 $$' bob nightly everything b.sqlite 10 abc
    cmp before backups/REGISTER.md
    [ "$(find backups -name '.register*' | wc -l)" = 1 ]
    row carol nightly everything c.sqlite 10 abc
    [ "$(rows)" = 2 ]
    [ "$(find backups -name '.register*')" = "" ]
}

@test "register: a disk that is full is an error, and the register is as it was" {
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    mkdir backups
    run --separate-stderr -74 unshare -rm sh -c '
        mount -t tmpfs -o size=64k,mode=700 none backups || exit
        head -c 4090 /dev/zero | tr "\0" x >backups/REGISTER.md
        head -c 56k /dev/zero >backups/filler
        sh -c "set -eu; here=\$1; program=test; . \"\$here/lib/program.sh\"; . \"\$here/lib/lock.sh\"; . \"\$here/lib/store.sh\"
            . \"\$here/lib/register.sh\"; . \"\$here/lib/register_snapshot.sh\"; store_open; register_snapshot a b c d e f; register_end" sh "$1"
        status=$?
        find backups -type f -printf "%P %s\n" | sort
        exit "$status"
    ' sh "$root/scripts"
    [ "$output" = "REGISTER.md 4090
filler 57344" ]
    [ "$stderr" = "test: cannot write backups/REGISTER.md
hint: check the free space, the permissions and the disk" ]
}

@test "rollback log: gets a section for each roll back, with the SQL that ran" {
    printf 'DROP TABLE users;\n' >down.sql
    log 2026-11-21T10:15:00Z ann 'down 2' production default default_x.sqlite down.sql
    log 2026-11-21T10:16:00Z bob 'restore of x' local reports ''
    [ "$(cat backups/rollback-log.md)" = "# Log of roll backs and restores

## 2026-11-21T10:15:00Z: down 2

| who | environment | connection | snapshot |
| --- | --- | --- | --- |
| ann | production | default | default_x.sqlite |

\`\`\`sql
DROP TABLE users;
\`\`\`

## 2026-11-21T10:16:00Z: restore of x

| who | environment | connection | snapshot |
| --- | --- | --- | --- |
| bob | local | reports | - |" ]
}

@test "rollback log: SQL with fences in it stays inside its own, whatever it is" {
    printf -- '-- ```\n-- `````` x ```` y\nSELECT '"'|'"';\n\n# no heading' >down.sql
    log now ann $'x\n## y' local default '' down.sql
    [ "$(grep -c '^## ' backups/rollback-log.md)" = 1 ]
    [ "$(tail -n 7 backups/rollback-log.md)" = '```````sql
-- ```
-- `````` x ```` y
SELECT '"'|'"';

# no heading
```````' ]
}

@test "rollback log: is the same in every shell" {
    printf 'SELECT 1;\n-- ````\n' >down.sql
    local shell
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        log now 'a|n' $'x `y`\nz' production default a.sqlite down.sql
        [ ! -e first ] || cmp first backups/rollback-log.md
        mv backups/rollback-log.md first
    done
}
