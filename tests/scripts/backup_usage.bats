#!/usr/bin/env bats
# backup-database.sh: its options, what it prints, lists and removes.

# shellcheck disable=SC2119,SC2120 # `run` passes the arguments

load ../helpers/migrate
load front
load backup

setup() {
    use_scratch
    use_backup
    fast_clock
}

@test "backup-database.sh: prints its help on standard output" {
    run --separate-stderr -0 backup --help
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "Takes a snapshot of a database that is in use, proves it, and publishes it with its checksum." ]
    [ "${lines[1]}" = "Usage: backup-database.sh [OPTION]... [NAME]" ]
    run --separate-stderr -0 backup x --name y -h
    [ "${lines[1]}" = "Usage: backup-database.sh [OPTION]... [NAME]" ]
    [ ! -e backups ]
}

@test "backup-database.sh: names every option in its help" {
    local option
    backup --help >help
    grep -oE -e '--[a-z]+(-[a-z]+)*' "$root/scripts/backup-database.sh" | sort -u >options
    [ "$(wc -l <options)" -gt 20 ]
    while read -r option; do
        grep -q -e "$option" help
    done <options
}

@test "backup-database.sh: shows usage errors on standard error, and does nothing" {
    local option
    for option in --frobnicate -x --connections=x --list=x; do
        run --separate-stderr -64 backup "$option"
        [ "$output" = "" ]
        [ "$stderr" = "backup-database.sh: unknown option: ${option%%=*}
hint: backup-database.sh --help" ]
    done
    for option in --name --connection --tables --dir --compress --keep-last; do
        run --separate-stderr -64 backup "$option"
        [ "$stderr" = "backup-database.sh: option $option needs a value
hint: backup-database.sh --help" ]
        run --separate-stderr -64 backup "$option="
        [ "$stderr" = "backup-database.sh: option $option needs a value
hint: backup-database.sh --help" ]
        run --separate-stderr -64 backup "$option" ''
        [ "$stderr" = "backup-database.sh: option $option needs a value
hint: backup-database.sh --help" ]
    done
    run --separate-stderr -64 backup one two
    [ "$stderr" = "backup-database.sh: there is more than one argument: two
hint: backup-database.sh --help" ]
    run --separate-stderr -64 backup one --name two
    [ "$stderr" = "backup-database.sh: there are two names: one and two
hint: backup-database.sh --help" ]
    run --separate-stderr -64 backup ''
    [ "$stderr" = "backup-database.sh: an argument is empty
hint: backup-database.sh --help" ]
    run --separate-stderr -64 backup --verify x y
    [ "$stderr" = "backup-database.sh: --verify takes one file, and no name
hint: backup-database.sh --help" ]
    run --separate-stderr -64 backup --keep-last x
    [ "$stderr" = "backup-database.sh: option --keep-last: \"x\" is not a number
hint: it is how many snapshots are to stay; 0 is none" ]
    [ ! -e backups ]
}

@test "backup-database.sh: the last of several values of an option counts, and -- ends the options" {
    [ "$(settled "$(backup --name one --name=two)")" = backups/default_TIME_two.sqlite ]
    [ "$(settled "$(backup --compress gzip --compress none -- three)")" = backups/default_TIME_three.sqlite ]
    run --separate-stderr -64 backup -- --list
    [ "${stderr_lines[0]}" = 'backup-database.sh: "--list" cannot be the name of a snapshot' ]
}

@test "backup-database.sh: refuses names that cannot be part of a file's" {
    local name
    # shellcheck disable=SC2016 # it is a name
    for name in 'a b' $'a\nb' $'a\tb' "it's" 'a"b' 'back\slash' '$(touch x)' 'a;b' '*' .hidden .. ../x a/b /etc/passwd '%s' 'a?b' 'a#b' file:x 'şəф' --; do
        [ "$name" != -- ] || name=--
        run --separate-stderr -64 backup --name "$name"
        [ "$output" = "" ]
        [ "$stderr" = "backup-database.sh: \"$name\" cannot be the name of a snapshot
hint: take letters, digits and . _ - ; not . or - first" ]
    done
    run --separate-stderr -64 backup --name "$(printf '%0101d' 0)"
    [ "$stderr" = "backup-database.sh: the name of the snapshot has more than 100 characters
hint: take a shorter one" ]
    run --separate-stderr -64 backup --name x.partial
    [ "$stderr" = "backup-database.sh: the name of a snapshot cannot end with .partial
hint: --tables puts that behind it" ]
    [ ! -e backups ]
    [ ! -e x ]
    backup --name "$(printf '%0100d' 0)" -q
    all_is_well
}

@test "backup-database.sh: says when the connection is unknown, and prints no password" {
    run --separate-stderr -78 backup --connection nosuch
    [ "$stderr" = "backup-database.sh: there is no connection nosuch: DATABASE_URL_NOSUCH is not set
hint: set it, for instance DATABASE_URL_NOSUCH=sqlite:app.db, or say --connection sqlite:app.db" ]
    run --separate-stderr -78 backup --connection 'ftp://ann:s3cret@host/x'
    [[ $stderr != *s3cret* ]]
    run --separate-stderr -69 backup --connection 'postgresql://ann:s3cret@host/x'
    [[ $stderr != *s3cret* ]]
    [ ! -e backups ]
}

@test "backup-database.sh: a label is the name of the connection, or that of the file of a URL" {
    cp app.db 'my shop_v2.tar.db'
    cp app.db ..odd
    export DATABASE_URL_MY_SHOP=sqlite:app.db
    [ "$(settled "$(backup --connection my-shop)")" = backups/my-shop_TIME_snapshot.sqlite ]
    [ "$(settled "$(backup --connection my_shop)")" = backups/my-shop_TIME_snapshot.sqlite ]
    [ "$(settled "$(backup --connection default)")" = backups/default_TIME_snapshot.sqlite ]
    [ "$(settled "$(backup --connection 'sqlite:my%20shop_v2.tar.db')")" = backups/my-shop-v2.tar_TIME_snapshot.sqlite ]
    [ "$(settled "$(backup --connection "sqlite:$PWD/..odd")")" = backups/odd_TIME_snapshot.sqlite ]
    all_is_well
}

@test "backup-database.sh: prints what it made as JSON" {
    run --separate-stderr -0 backup --json --dir $'a "b"\n\\c'
    [ "$stderr" = "" ]
    printf '%s' "$output" >out.json
    [ "$(sqlite3 :memory: "SELECT x ->> 'path' = char(97,32,34,98,34,10,92,99) || substr(x ->> 'path', 9), x ->> 'bytes',
        x ->> 'seconds' < 60, x ->> 'verified' FROM (SELECT readfile('out.json') AS x)")" = "1|$(stat -c %s a*/*.sqlite)|1|1" ]
    [ "$(sqlite3 :memory: "SELECT readfile('out.json') ->> 'sha256'")" = "$(sha256sum a*/*.sqlite | sed 's/^\\//' | cut -d ' ' -f 1)" ]
}

@test "backup-database.sh: says nothing with --quiet" {
    run --separate-stderr -0 backup -q
    [ "$output$stderr" = "" ]
    run --separate-stderr -0 backup --quiet --json
    [ "$output$stderr" = "" ]
    [ "$(snapshots | wc -l)" -eq 2 ]
}

@test "backup-database.sh: takes every option from the environment or .env, and the line wins" {
    printf '\357\273\277MIGRATE_BACKUP_COMPRESS=gzip\r\nMIGRATE_BACKUP_NAME="from-env"\r\nMIGRATE_BACKUP_DIR=store\nMIGRATE_BACKUP_PURPOSE=nightly' >.env
    [ "$(settled "$(backup)")" = store/default_TIME_from-env.sqlite.gz ]
    [ "$(settled "$(MIGRATE_BACKUP_COMPRESS=zstd backup)")" = store/default_TIME_from-env.sqlite.zst ]
    [ "$(settled "$(MIGRATE_BACKUP_COMPRESS=zstd backup --compress none --dir other)")" = other/default_TIME_from-env.sqlite ]
    grep -q '| carol | nightly | local |' store/REGISTER.md
}

@test "backup-database.sh: names who took it: MIGRATE_ACTOR, else the login name, else a number" {
    unset MIGRATE_ACTOR
    # shellcheck disable=SC2016 # the stub expands these
    stub id 'case $* in -un) [ ! -e nameless ] && echo lena ;; *) echo 4711 ;; esac'
    backup one -q
    : >nameless
    backup two -q
    backup three --who mona -q
    [ "$(sed -n 's/^| 20[^|]*| \([^|]*\) |.*/\1/p' backups/REGISTER.md | tr '\n' ' ')" = "lena 4711 mona " ]
}

@test "backup-database.sh: --keep-last removes what is too many, after the new one, and --min-keep holds against it" {
    local number
    for number in 1 2 3 4; do
        backup "n$number" -q
    done
    backup n5 --keep-last 1 -q
    [ "$(snapshots | wc -l)" -eq 3 ]
    backup n6 --keep-last 1 --min-keep 1 -q
    [ "$(settled "$(snapshots)")" = backups/default_TIME_n6.sqlite ]
    [ "$(rows)" = 6 ]
    all_is_well
}

@test "backup-database.sh: removes nothing when the new snapshot could not be taken" {
    local number
    for number in 1 2; do
        backup "n$number" -q
    done
    printf 'This is a letter, and a long one, so that nobody takes it for anything else.%0500d' 0 >broken.db
    DATABASE_URL=sqlite:broken.db run --separate-stderr -65 backup --keep-last 1 --min-keep 1
    [ "$(snapshots | wc -l)" -eq 2 ]
}

@test "backup-database.sh --dry-run: lists what would be removed, takes nothing and removes nothing" {
    local number
    for number in 1 2 3; do
        backup "n$number" -q
    done
    run --separate-stderr -0 backup --dry-run --keep-last 1 --min-keep 1
    [ "$(settled "$output")" = "default_TIME_n1.sqlite
default_TIME_n2.sqlite" ]
    [ "$(snapshots | wc -l)" -eq 3 ]
    run --separate-stderr -64 backup --dry-run
    [ "$stderr" = "backup-database.sh: --dry-run lists what --keep-last and the like would remove, and there is none of them
hint: backup-database.sh --help" ]
}

@test "backup-database.sh --list: lists the snapshots of all connections, or of one, newest first" {
    mkdir backups
    local name
    for name in default_20250101T000000Z_a default_20260101T000000Z_b reports_20250601T000000Z_c.x.partial; do
        cp app.db "backups/$name.sqlite"
        (cd backups && sha256sum "$name.sqlite" >"$name.sqlite.sha256")
    done
    printf x >backups/default_20250101T000001Z_unproven.sqlite
    printf x >>backups/reports_20250601T000000Z_c.x.partial.sqlite
    printf x >backups/notes.sqlite
    ln -s ../app.db backups/default_20250101T000002Z_link.sqlite
    size=$(stat -c %s app.db)
    unset DATABASE_URL
    run --separate-stderr -0 backup --list
    [ "$stderr" = "" ]
    [ "$output" = "when                 name                                         bytes  verified
2026-01-01 00:00:00  default_20260101T000000Z_b.sqlite            $size   yes
2025-06-01 00:00:00  reports_20250601T000000Z_c.x.partial.sqlite  $((size + 1))   no
2025-01-01 00:00:01  default_20250101T000001Z_unproven.sqlite     1      no
2025-01-01 00:00:00  default_20250101T000000Z_a.sqlite            $size   yes" ]
    run --separate-stderr -0 backup --list reports
    [ "${#lines[@]}" -eq 2 ]
    run --separate-stderr -0 backup --list --connection default --json
    [ "$output" = "[{\"time\":\"2026-01-01T00:00:00Z\",\"name\":\"default_20260101T000000Z_b.sqlite\",\"bytes\":$size,\"verified\":true},
{\"time\":\"2025-01-01T00:00:01Z\",\"name\":\"default_20250101T000001Z_unproven.sqlite\",\"bytes\":1,\"verified\":false},
{\"time\":\"2025-01-01T00:00:00Z\",\"name\":\"default_20250101T000000Z_a.sqlite\",\"bytes\":$size,\"verified\":true}]" ]
}

@test "backup-database.sh --list: says when there is none" {
    run --separate-stderr -0 backup --list reports
    [ "$output" = "" ]
    [ "$stderr" = "there is no snapshot of reports in backups" ]
    run --separate-stderr -0 backup --list --json
    [ "$output" = "[]" ]
    [ ! -e backups ]
    printf x >backups
    run --separate-stderr -73 backup --list
}

@test "backup-database.sh: --metrics tells of runs that went well, and of those that failed" {
    backup --metrics run.prom -q
    grep -qx 'sqlite_migrate_backup_last_run_status{connection="default"} 0' run.prom
    grep -qx 'sqlite_migrate_backup_size_bytes{connection="default"} '"$(stat -c %s backups/*.sqlite)" run.prom
    rm app.db
    run --separate-stderr -66 backup --metrics run.prom
    grep -qx 'sqlite_migrate_backup_last_run_status{connection="default"} 66' run.prom
}

@test "backup-database.sh: metrics that cannot be written are an error, and the snapshot is kept" {
    run --separate-stderr -73 backup --metrics "$TMPDIR"
    [ "$output" = "" ]
    [ "$(settled "$stderr")" = "backup-database.sh: warning: cannot write the metrics: $TMPDIR is a folder
the snapshot is kept: backups/default_TIME_snapshot.sqlite" ]
    all_is_well
}

@test "backup-database.sh: --ping tells when a run begins and how it ends, and the URL is to be seen nowhere" {
    # The URL is what curl reads.
    stub curl 'printf "%s\n" "$*" >>arguments; cat >>pings'
    backup --ping http://127.0.0.1:9/s3cret -q
    rm app.db
    run --separate-stderr -66 backup --ping http://127.0.0.1:9/s3cret
    [ "$(cat pings)" = 'url = "http://127.0.0.1:9/s3cret/start"
url = "http://127.0.0.1:9/s3cret"
url = "http://127.0.0.1:9/s3cret/start"
url = "http://127.0.0.1:9/s3cret/66"' ]
    [[ $(cat arguments)$stderr$(cat backups/REGISTER.md) != *s3cret* ]]
}

@test "backup-database.sh: a monitor that does not answer does not matter" {
    stub curl 'exit 7'
    run --separate-stderr -0 backup --ping http://127.0.0.1:9/s3cret
    [ "$stderr" = "backup-database.sh: warning: the ping did not arrive: nobody answers at the URL
backup-database.sh: warning: the ping did not arrive: nobody answers at the URL" ]
    all_is_well
}

@test "backup-database.sh: a place to upload to that is none is refused before anything is copied" {
    run --separate-stderr -64 backup --upload ftp://x/y
    [ "$stderr" = "backup-database.sh: this is not a place to upload to
hint: write s3://BUCKET/PREFIX" ]
    [ ! -e backups ]
}

@test "backup-database.sh: an upload that fails keeps the snapshot, and removes nothing" {
    backup n1 -q
    export AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=s3cret AWS_ENDPOINT_URL=http://127.0.0.1:9 MIGRATE_S3_CLIENT=curl MIGRATE_S3_PAUSE=0
    run --separate-stderr backup n2 --upload s3://bucket/prefix --keep-last 1 --min-keep 1
    [ "$status" -ne 0 ]
    [ "$output" = "" ]
    [ "$(settled "${stderr_lines[-1]}")" = "the snapshot is kept: backups/default_TIME_n2.sqlite" ]
    [[ $stderr != *s3cret* ]]
    [ "$(snapshots | wc -l)" -eq 2 ]
    all_is_well
}

@test "backup-database.sh: --drill, or --verify without a file, opens the copy once more" {
    run --separate-stderr -0 backup --drill one
    [ "$(settled "$output")" = backups/default_TIME_one.sqlite ]
    backup -q --name two --verify
    backup -q --verify --name three
    [ "$(snapshots | wc -l)" -eq 3 ]
    all_is_well
}
