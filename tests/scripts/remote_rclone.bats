#!/usr/bin/env bats
# Uploads through rclone.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../helpers/s3
load library
load remote

setup() {
    use_scratch
    use_remote rclone
    place=s3://copies/${file#*/}
}

teardown() {
    s3_stop
}

@test "remote through rclone: copies a snapshot and then its checksum, and says nothing" {
    run --separate-stderr -0 upload daily/app
    [ "$output" = "" ]
    [ "$stderr" = "" ]
    arrived daily/app
    [ "$(sed -n 's/^PUT .*snapshot/PUT /p' "$s3/requests" | sed 's/?[^ ]*//')" = "PUT .sqlite 200
PUT .sqlite.sha256 200" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "remote through rclone: goes on after a server that failed, and one that cut the connection" {
    s3_faults 'PUT 500 2' 'PUT reset 1'
    upload
    arrived
}

@test "remote through rclone: gives up when the server goes on failing, and knows why" {
    s3_faults 'PUT 503'
    run --separate-stderr -75 upload
    [ "$stderr" = "test: the S3 server failed or was too slow for $place
$(local_stays); try again later" ]
    s3_faults '* 403'
    run --separate-stderr -77 upload
    [ "$stderr" = "test: the S3 server refused access to $place
$(local_stays); check the keys, what they may do, and the clock" ]
    export AWS_ENDPOINT_URL_S3=http://127.0.0.1:1
    run --separate-stderr -69 upload
    [ "$stderr" = "test: the S3 server for $place cannot be reached
$(local_stays); check AWS_ENDPOINT_URL_S3 and the network" ]
}

@test "remote through rclone: does not wait for a server that does not answer" {
    s3_faults 'HEAD slow 60'
    export MIGRATE_S3_TIMEOUT=1
    run --separate-stderr -75 upload
    [ "${stderr_lines[0]}" = "test: the S3 server failed or was too slow for $place" ]
}

@test "remote through rclone: sees that the server stored half, or another byte" {
    s3_faults 'PUT lie'
    run --separate-stderr -65 upload
    [ "$stderr" = "test: $place is not what was sent: do not trust it
$(local_stays); find out what the server does" ]
    [ "$(cd "$s3/buckets/copies" && find . -name '*.sha256')" = "" ]
    rm -f "$s3/buckets/copies/"*
    s3_faults 'PUT flip'
    run --separate-stderr -65 upload
    [ "${stderr_lines[0]}" = "test: $place is not what was sent: do not trust it" ]
    [ "$(cd "$s3/buckets/copies" && find . -name '*.sha256')" = "" ]
}

@test "remote through rclone: reads the object again when its ETag is no MD5, and removes nothing" {
    s3_faults 'HEAD opaque'
    upload
    arrived
    [ "$(s3_requests DELETE)" = 0 ]
}

@test "remote through rclone: makes no bucket" {
    run --separate-stderr -66 library 'remote_upload "$@"' "$file" s3://elsewhere/x
    [ "$stderr" = "test: there is no bucket elsewhere
$(local_stays); make the bucket first, or correct its name" ]
    [ "$(ls "$s3/buckets")" = copies ]
}

@test "remote through rclone: overwrites nothing, also when it appears in the meantime" {
    printf 'something else\n' >"$s3/buckets/copies/${file#*/}"
    run --separate-stderr -73 upload
    [ "$stderr" = "test: $place is there already, and is something else
$(local_stays); nothing was overwritten" ]
    s3_faults 'HEAD 404 1'
    run ! upload
    [ "$(cat "$s3/buckets/copies/${file#*/}")" = "something else" ]
    [ "$(s3_requests PUT)" = 0 ]
}

@test "remote through rclone: finishes what was interrupted" {
    cp "$file" "$s3/buckets/copies/"
    upload
    arrived
    [ "$(s3_requests PUT)" = 1 ]
}

@test "remote through rclone: sends a large file in parts, and reads it again" {
    export MIGRATE_S3_MULTIPART=5
    make_file 11000000
    upload
    arrived
    [ "$(grep -c '^PUT .*partNumber=' "$s3/requests")" -eq 3 ]
    [ "$(s3_requests GET)" -ge 1 ]
}

@test "remote through rclone: sees a wrong byte in a file that went in parts" {
    export MIGRATE_S3_MULTIPART=5
    make_file 6000000
    s3_faults 'POST flip'
    run --separate-stderr -65 upload
    [ "${stderr_lines[0]}" = "test: $place is not what was sent: do not trust it" ]
}

@test "remote through rclone: takes prefixes that hold anything, but for what rclone changes" {
    local prefix
    for prefix in 'a b' 'ə ş ف é' 'p%41%2F+x&y=z;,!' 'q"uo`te$HOME'\''s' '-c:d@e|f#?<x>^*[a]{b}'; do
        upload "$prefix"
        arrived "$prefix"
    done
    run --separate-stderr -64 upload 'a‛b'
    [ "$stderr" = "test: rclone cannot upload to a prefix that holds U+201B, U+FF0E or U+FF0F
hint: choose aws or curl with MIGRATE_S3_CLIENT" ]
}

@test "remote through rclone: heeds no configuration but its own" {
    export HOME=$PWD RCLONE_CONFIG_B_TYPE=local RCLONE_CONFIG=$PWD/rclone.conf AWS_PROFILE=missing
    printf '# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nAAAA\n' >rclone.conf
    mkdir .aws
    printf '[default]\naws_access_key_id = x\naws_secret_access_key = y\n' >.aws/credentials
    upload
    arrived
}

@test "remote through rclone: puts no secret into the arguments of a program, in any shell" {
    export AWS_SESSION_TOKEN=token-1
    printf '%s\n' "$AWS_SESSION_TOKEN" >"$s3/token"
    for client in printf cat sed awk env; do
        use_client "$client"
    done
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        upload "in ${shell%% *}"
        arrived "in ${shell%% *}"
    done
    [ "$(grep -c bin/rclone "$calls")" -eq 30 ]
    run -1 grep -F -e "$AWS_SECRET_ACCESS_KEY" -e "$AWS_SESSION_TOKEN" "$calls"
}

@test "remote through rclone: trusts the certificates of AWS_CA_BUNDLE, and no others" {
    s3_restart_tls
    run --separate-stderr -69 upload
    [ "${stderr_lines[0]}" = "test: the S3 server for $place cannot be reached" ]
    export AWS_CA_BUNDLE=$s3/certificate.pem
    upload
    arrived
}
