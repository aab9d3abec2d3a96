#!/usr/bin/env bats
# docs/servers.md, docs/production-runbook.md: what their commands print on a real server.

load ../helpers/migrate
load ../helpers/postgresql
load ../helpers/s3
load ../readme/document
load ../scripts/page

setup_file() {
    # All pages speak of the same database.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    postgresql_start loopback
}

teardown_file() {
    postgresql_stop
}

setup() {
    local client path
    use_scratch
    use_page
    postgresql_database school
    # The page names a host; here it is this machine, and who reads has a password file.
    for client in psql pg_dump pg_restore; do
        path=$postgresql_programs/$client
        [ -x "$path" ] || path=$(type -P "$client")
        printf '#!/bin/sh\nexec env PGHOSTADDR=127.0.0.1 "%s" "$@"\n' "$path" >"bin/$client"
        chmod +x "bin/$client"
    done
}

teardown() {
    s3_stop
}

# As the reader of a page, who is not told where the server of the test is.
as_reader() { # <command>...
    (cd top && env -i PATH="$PATH" HOME="$BATS_TEST_TMPDIR" LC_ALL=C TZ=UTC USER=ann LD_LIBRARY_PATH=../lib \
        MIGRATE_EXTENSION="$extension" PGPORT="$PGPORT" PGPASSFILE="$PGPASSFILE" \
        AWS_ENDPOINT_URL_S3="${AWS_ENDPOINT_URL_S3-}" AWS_REGION="${AWS_REGION-}" \
        AWS_ACCESS_KEY_ID="${AWS_ACCESS_KEY_ID-}" AWS_SECRET_ACCESS_KEY="${AWS_SECRET_ACCESS_KEY-}" "$@" 3>&-)
}

@test "docs/servers.md: shows what its commands print" {
    run_page docs/servers.md
    [ "$commands" -gt 14 ]
}

@test "docs/production-runbook.md: shows what its commands print" {
    postgresql_database school_staging
    postgresql_database school_dev
    s3_start backups
    run_page docs/production-runbook.md
    [ "$commands" -gt 25 ]
}
