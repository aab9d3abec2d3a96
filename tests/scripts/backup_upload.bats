#!/usr/bin/env bats
# backup-database.sh --upload, with each client, to a server that can fail: the snapshot here stays, and
# nothing is removed before the copy there was proven.

load ../helpers/migrate
load ../helpers/s3
load front
load library
load backup
load remote

setup() {
    use_scratch
    use_backup
    calls=$BATS_TEST_TMPDIR/calls
    : >"$calls"
    export MIGRATE_S3_PAUSE=0 MIGRATE_BACKUP_UPLOAD=s3://copies/app
    s3_start copies
}

teardown() {
    s3_stop
}

# Of the clients, only this one is there; curl too, for the ping.
client() { # <client>
    use_tools
    use_client "$1"
    [ "$1" = curl ] || use_client curl
    export MIGRATE_S3_CLIENT=$1
}

# A snapshot goes there with its checksum, loads again, and then makes older ones go.
goes_there() {
    local name
    fast_clock
    MIGRATE_BACKUP_UPLOAD='' backup first -q
    MIGRATE_BACKUP_UPLOAD='' backup second -q
    run --separate-stderr -0 backup third --compress gzip --keep-last 1 --min-keep 1 --ping "http://127.0.0.1:$s3_port/ping/id"
    [ "$stderr" = "" ]
    name=${output#backups/}
    [ "$(settled "$name")" = default_TIME_third.sqlite.gz ]
    [ "$(kept)" = "REGISTER.md
default_TIME_third.sqlite.gz
default_TIME_third.sqlite.gz.sha256" ]
    [ "$(s3_objects copies)" = "app%2F$name app%2F$name.sha256 " ]
    mkdir there
    cp "$s3/buckets/copies/app%2F$name" "there/$name"
    cp "$s3/buckets/copies/app%2F$name.sha256" "there/$name.sha256"
    backup --dir there --verify "there/$name"
    [ "$(grep ' /ping/' "$s3/requests")" = "GET /ping/id/start 200
GET /ping/id 200" ]
    [ "$(tail -n 1 "$s3/requests")" = "GET /ping/id 200" ]
}

# A copy that is not what was sent ends the run: the snapshot stays, older ones too.
stays_here() { # <fault> <status> <message>
    fast_clock
    MIGRATE_BACKUP_UPLOAD='' backup first -q
    s3_faults "$1"
    run --separate-stderr "-$2" backup second --keep-last 1 --min-keep 1 --ping "http://127.0.0.1:$s3_port/ping/id" --metrics run.prom
    [ "$output" = "" ]
    [ "$(settled "$stderr")" = "backup-database.sh: $3
the snapshot is kept: backups/default_TIME_second.sqlite" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
    [ "$(kept)" = "REGISTER.md
default_TIME_first.sqlite
default_TIME_first.sqlite.sha256
default_TIME_second.sqlite
default_TIME_second.sqlite.sha256" ]
    (cd backups && sha256sum --quiet -c -- *.sha256)
    [ "$(tail -n 1 "$s3/requests")" = "GET /ping/id/$2 200" ]
    grep -qx "sqlite_migrate_backup_last_run_status{connection=\"default\"} $2" run.prom
    nothing_is_left
}

@test "backup-database.sh: --upload through curl copies the snapshot and its checksum, then removes older ones" {
    client curl
    goes_there
}

@test "backup-database.sh: --upload through rclone copies the snapshot and its checksum, then removes older ones" {
    client rclone
    goes_there
}

@test "backup-database.sh: --upload through aws copies the snapshot and its checksum, then removes older ones" {
    client aws
    goes_there
}

@test "backup-database.sh: --upload through curl keeps everything when the server stores half" {
    client curl
    stays_here 'PUT lie' 65 "s3://copies/app/default_TIME_second.sqlite is not what was sent: do not trust it
hint: backups/default_TIME_second.sqlite stays as it is; find out what the server does"
}

@test "backup-database.sh: --upload through rclone keeps everything when the server fails" {
    client rclone
    stays_here 'PUT 503' 75 "the S3 server failed or was too slow for s3://copies/app/default_TIME_second.sqlite
hint: backups/default_TIME_second.sqlite stays as it is; try again later"
}

@test "backup-database.sh: --upload through aws keeps everything when the server refuses" {
    client aws
    stays_here 'PUT 403' 77 "the S3 server refused access to s3://copies/app/default_TIME_second.sqlite
hint: backups/default_TIME_second.sqlite stays as it is; check the keys, what they may do, and the clock"
}

@test "backup-database.sh: --upload takes no snapshot where the client is missing" {
    use_tools
    run --separate-stderr -69 backup
    [ "$output" = "" ]
    [ "$stderr" = "backup-database.sh: there is none of rclone, aws and curl (7.86 or newer) to upload with
hint: install the package rclone" ]
    [ ! -e backups ]
}

@test "backup-database.sh: --upload ends at once with a signal, and keeps the snapshot" {
    client curl
    s3_faults 'PUT slow 60'
    mkfifo "$s3/waiting"
    "$root/scripts/backup-database.sh" -q </dev/null 3>&- &
    read -r -t 30 _ <"$s3/waiting"
    kill -s TERM "$!"
    local status=0
    wait "$!" || status=$?
    [ "$status" -eq 143 ]
    [ "$(kept)" = "REGISTER.md
default_TIME_snapshot.sqlite
default_TIME_snapshot.sqlite.sha256" ]
    nothing_is_left
    # The lock is free, though the client may still be on its way out.
    MIGRATE_BACKUP_UPLOAD='' backup -q
}
