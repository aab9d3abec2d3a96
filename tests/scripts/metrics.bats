#!/usr/bin/env bats
# Figures for Prometheus' textfile collector.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load library

setup() {
    use_scratch
    use_library metrics
    stub_date 1000
}

# The clock says this many seconds.
stub_date() { # <seconds>
    mkdir -p bin
    printf '#!/bin/sh\necho %s\n' "$1" >bin/date
    chmod +x bin/date
}

metrics() { # <file> <label> <status> <bytes> <seconds> <verified>
    PATH=$PWD/bin:$PATH library 'metrics_write "$@"' "$@"
}

# The samples of a file, without the names' common beginning.
samples() { # <file>
    sed -n 's/^sqlite_migrate_backup_//p' "$1"
}

@test "metrics: are the figures of a run, each with what it is" {
    run --separate-stderr -0 metrics backup.prom default 0 4096 2 1
    [ "$output$stderr" = "" ]
    [ "$(cat backup.prom)" = '# HELP sqlite_migrate_backup_last_run_timestamp_seconds When the last run ended.
# TYPE sqlite_migrate_backup_last_run_timestamp_seconds gauge
sqlite_migrate_backup_last_run_timestamp_seconds{connection="default"} 1000
# HELP sqlite_migrate_backup_last_run_status The exit status of the last run.
# TYPE sqlite_migrate_backup_last_run_status gauge
sqlite_migrate_backup_last_run_status{connection="default"} 0
# HELP sqlite_migrate_backup_last_success_timestamp_seconds When the last run that went well ended.
# TYPE sqlite_migrate_backup_last_success_timestamp_seconds gauge
sqlite_migrate_backup_last_success_timestamp_seconds{connection="default"} 1000
# HELP sqlite_migrate_backup_duration_seconds How long the last run that went well took.
# TYPE sqlite_migrate_backup_duration_seconds gauge
sqlite_migrate_backup_duration_seconds{connection="default"} 2
# HELP sqlite_migrate_backup_size_bytes The size of its snapshot.
# TYPE sqlite_migrate_backup_size_bytes gauge
sqlite_migrate_backup_size_bytes{connection="default"} 4096
# HELP sqlite_migrate_backup_verified Whether its snapshot was verified.
# TYPE sqlite_migrate_backup_verified gauge
sqlite_migrate_backup_verified{connection="default"} 1' ]
}

@test "metrics: keep over failures when the last run went well" {
    metrics backup.prom default 0 5368709120 2 1
    stub_date 2000
    metrics backup.prom default 74 0 1 0
    [ "$(samples backup.prom)" = 'last_run_timestamp_seconds{connection="default"} 2000
last_run_status{connection="default"} 74
last_success_timestamp_seconds{connection="default"} 1000
duration_seconds{connection="default"} 2
size_bytes{connection="default"} 5368709120
verified{connection="default"} 1' ]
}

@test "metrics: of a first run that failed say nothing of a success" {
    metrics backup.prom default 75 0 0 0
    [ "$(samples backup.prom)" = 'last_run_timestamp_seconds{connection="default"} 1000
last_run_status{connection="default"} 75' ]
}

@test "metrics: leave those of other connections in the same file" {
    metrics backup.prom reports 0 1 1 1
    stub_date 2000
    metrics backup.prom report 0 2 2 1
    stub_date 3000
    metrics backup.prom reports 1 0 0 0
    [ "$(samples backup.prom | sort)" = 'duration_seconds{connection="report"} 2
duration_seconds{connection="reports"} 1
last_run_status{connection="report"} 0
last_run_status{connection="reports"} 1
last_run_timestamp_seconds{connection="report"} 2000
last_run_timestamp_seconds{connection="reports"} 3000
last_success_timestamp_seconds{connection="report"} 2000
last_success_timestamp_seconds{connection="reports"} 1000
size_bytes{connection="report"} 2
size_bytes{connection="reports"} 1
verified{connection="report"} 1
verified{connection="reports"} 1' ]
    [ "$(grep -c '^# TYPE' backup.prom)" -eq 6 ]
}

@test "metrics: take nothing over from a file that is something else" {
    printf 'evil{connection="default"} 1\nsqlite_migrate_backup_verified 1\nsqlite_migrate_backup_odd{connection="default"} x y\n\x01' >backup.prom
    metrics backup.prom default 0 1 1 1
    [ "$(samples backup.prom | wc -l)" -eq 6 ]
    run -1 grep -a -e evil -e odd backup.prom
}

@test "metrics: can be read by others whatever the umask, and never half" {
    umask 077
    metrics backup.prom default 0 1 1 1
    [ "$(stat -c %a backup.prom)" = 644 ]
    [ "$(ls)" = "backup.prom
bin
tmp" ]
}

@test "metrics: take the place of a symbolic link, and do not follow it" {
    printf 'mine\n' >elsewhere
    ln -s elsewhere backup.prom
    metrics backup.prom default 0 1 1 1
    [ "$(cat elsewhere)" = mine ]
    [ ! -L backup.prom ]
}

@test "metrics: go to a file whose name holds anything" {
    local name=$'-m "x"\'%\\\n.prom'
    metrics "$name" default 0 1 1 1
    [ "$(samples "./$name" | wc -l)" -eq 6 ]
}

@test "metrics: fail with a warning where they cannot be written" {
    run --separate-stderr -74 metrics nowhere/backup.prom default 0 1 1 1
    [ "$stderr" = "test: warning: cannot write the metrics to nowhere/backup.prom" ]
    mkdir folder
    run --separate-stderr -73 metrics folder default 0 1 1 1
    [ "$stderr" = "test: warning: cannot write the metrics: folder is a folder" ]
    [ "$(ls -A folder)" = "" ]
}

@test "metrics: stay as they were when the disk is full" {
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    export root libraries
    export -f library metrics
    mkdir disk
    ln -s "$(type -P busybox)" bin/awk
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        export shell
        run --separate-stderr -74 unshare -rm bash -c '
            mount -t tmpfs -o size=8k none disk || exit 70
            metrics disk/backup.prom default 0 1 1 1
            cp disk/backup.prom before
            head -c 100000 /dev/zero >disk/fill 2>/dev/null
            status=0
            metrics disk/backup.prom default 0 2 2 1 || status=$?
            cmp disk/backup.prom before >&2 && ls disk >&2
            exit "$status"'
        [ "$stderr" = "test: warning: cannot write the metrics to disk/backup.prom
backup.prom
fill" ]
    done
}

@test "metrics: are written in every shell" {
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        metrics backup.prom "${shell%% *}" 0 1 1 1
    done
    [ "$(samples backup.prom | wc -l)" -eq 30 ]
}
