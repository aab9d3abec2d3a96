#!/usr/bin/env bats
# Uploads through Amazon's command line. It takes its time to start, so a test shows more than one thing.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../helpers/s3
load library
load remote

setup() {
    use_scratch
    use_remote aws
    place=s3://copies/${file#*/}
}

teardown() {
    s3_stop
}

@test "remote through aws: copies a snapshot and then its checksum, with no secret in an argument" {
    export AWS_SESSION_TOKEN=token-1
    printf '%s\n' "$AWS_SESSION_TOKEN" >"$s3/token"
    run --separate-stderr -0 upload 'ə %41+x/q"uo`te$HOME'\''s -c:d@e|f#?<x>^*[a]{b}'
    [ "$output" = "" ]
    [ "$stderr" = "" ]
    arrived 'ə %41+x/q"uo`te$HOME'\''s -c:d@e|f#?<x>^*[a]{b}'
    [ "$(sed -n 's/^PUT .*snapshot/PUT /p' "$s3/requests")" = "PUT .sqlite 200
PUT .sqlite.sha256 200" ]
    [ "$(ls -A tmp)" = "" ]
    [ "$(grep -c bin/aws "$calls")" -eq 6 ]
    run -1 grep -F -e "$AWS_SECRET_ACCESS_KEY" -e "$AWS_SESSION_TOKEN" "$calls"
}

@test "remote through aws: goes on after a server that failed once" {
    s3_faults 'PUT 500 1'
    upload
    arrived
}

@test "remote through aws: gives up when the server goes on failing" {
    s3_faults 'PUT 503'
    run --separate-stderr -75 upload
    [ "$stderr" = "test: the S3 server failed or was too slow for $place
$(local_stays); try again later" ]
}

@test "remote through aws: tells a refusal and a server that is not there" {
    s3_faults '* 403'
    run --separate-stderr -77 upload
    [ "$stderr" = "test: the S3 server refused access to $place
$(local_stays); check the keys, what they may do, and the clock" ]
    export AWS_ENDPOINT_URL_S3=http://127.0.0.1:1
    run --separate-stderr -69 upload
    [ "$stderr" = "test: the S3 server for $place cannot be reached
$(local_stays); check AWS_ENDPOINT_URL_S3 and the network" ]
}

@test "remote through aws: does not wait for a server that does not answer" {
    s3_faults 'HEAD slow 60'
    export MIGRATE_S3_TIMEOUT=1
    run --separate-stderr -75 upload
    [ "${stderr_lines[0]}" = "test: the S3 server failed or was too slow for $place" ]
}

@test "remote through aws: sees that the server stored half" {
    s3_faults 'PUT lie'
    run --separate-stderr -65 upload
    [ "$stderr" = "test: $place is not what was sent: do not trust it
$(local_stays); find out what the server does" ]
    [ "$(s3_objects copies)" = "${file#*/} " ]
}

@test "remote through aws: makes no bucket" {
    run --separate-stderr -66 library 'remote_upload "$@"' "$file" s3://elsewhere/x
    [ "$stderr" = "test: there is no bucket elsewhere
$(local_stays); make the bucket first, or correct its name" ]
    [ "$(ls "$s3/buckets")" = copies ]
}

@test "remote through aws: overwrites nothing" {
    printf 'something else\n' >"$s3/buckets/copies/${file#*/}"
    run --separate-stderr -73 upload
    [ "$stderr" = "test: $place is there already, and is something else
$(local_stays); nothing was overwritten" ]
    [ "$(s3_requests PUT)" = 0 ]
}

@test "remote through aws: sends a large file in parts, and reads it again" {
    export MIGRATE_S3_MULTIPART=5
    make_file 11000000
    upload
    arrived
    [ "$(grep -c '^PUT .*partNumber=' "$s3/requests")" -eq 3 ]
    [ "$(s3_requests GET)" -ge 1 ]
}

@test "remote through aws: heeds no configuration but its own" {
    export HOME=$PWD AWS_PROFILE=missing AWS_CONFIG_FILE=$PWD/config AWS_MAX_ATTEMPTS=1
    printf '[default]\nregion = nowhere\noutput = json\ncli_pager = false\n' >config
    upload
    arrived
}

@test "remote through aws: trusts the certificates of AWS_CA_BUNDLE, and no others" {
    s3_restart_tls
    run --separate-stderr -69 upload
    [ "${stderr_lines[0]}" = "test: the S3 server for $place cannot be reached" ]
    export AWS_CA_BUNDLE=$s3/certificate.pem
    upload
    arrived
}
