#!/usr/bin/env bats
# Uploads through curl, and through any client: what the server can do to them.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../helpers/s3
load library
load remote

setup() {
    use_scratch
    use_remote curl
    place=s3://copies/${file#*/}
}

teardown() {
    s3_stop
}

@test "remote: copies a snapshot and then its checksum, and says nothing" {
    run --separate-stderr -0 upload daily/app
    [ "$output" = "" ]
    [ "$stderr" = "" ]
    arrived daily/app
    [ "$(sed 's/%2F/\//g; s/ .*snapshot/ /' "$s3/requests")" = "HEAD .sqlite 404
PUT .sqlite 200
HEAD .sqlite 200
HEAD .sqlite.sha256 404
PUT .sqlite.sha256 200
HEAD .sqlite.sha256 200" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "remote: takes a bucket without a prefix, and slashes that are too many" {
    upload
    arrived
    library 'remote_upload "$@"' "$file" s3://copies//a/b//
    arrived a/b
}

@test "remote: goes on after two answers that the server failed" {
    s3_faults 'PUT 500 2'
    upload
    arrived
    [ "$(s3_requests PUT)" = 4 ]
}

@test "remote: gives up after the third answer that the server failed" {
    s3_faults 'PUT 503'
    run --separate-stderr -75 upload
    [ "$output" = "" ]
    [ "$stderr" = "test: the S3 server failed or was too slow for $place
$(local_stays); try again later" ]
    [ "$(s3_requests PUT)" = 3 ]
    [ "$(ls -A tmp "$s3/buckets/copies")" = "$s3/buckets/copies:

tmp:" ]
}

@test "remote: gives up after the third answer that there were too many requests" {
    s3_faults '* 429'
    run --separate-stderr -75 upload
    [ "$(s3_requests HEAD)" = 3 ]
}

@test "remote: tells a refusal from a failure, and does not ask again" {
    s3_faults '* 403'
    run --separate-stderr -77 upload
    [ "$stderr" = "test: the S3 server refused access to $place
$(local_stays); check the keys, what they may do, and the clock" ]
    [ "$(wc -l <"$s3/requests")" -eq 1 ]
}

@test "remote: is refused with a secret that is wrong" {
    export AWS_SECRET_ACCESS_KEY=wrong
    run --separate-stderr -77 upload
    [ "${stderr_lines[0]}" = "test: the S3 server refused access to $place" ]
}

@test "remote: goes on after connections that were cut in the middle" {
    s3_faults 'PUT reset 2'
    upload
    arrived
}

@test "remote: goes on after connections that ended without an answer" {
    s3_faults '* hangup 2'
    upload
    arrived
}

@test "remote: gives up after the third connection that was cut" {
    s3_faults 'PUT reset'
    run --separate-stderr -75 upload
    [ "${stderr_lines[0]}" = "test: the S3 server failed or was too slow for $place" ]
    [ -f "$file" ]
}

@test "remote: sees that a try arrived after all when its answer was lost" {
    s3_faults 'PUT lost 1'
    upload
    arrived
    [ "$(grep -c ' 412$' "$s3/requests")" -eq 1 ]
}

@test "remote: does not wait for a server that does not answer" {
    s3_faults 'PUT slow 30'
    export MIGRATE_S3_TIMEOUT=1
    run --separate-stderr -75 upload
    [ "${stderr_lines[0]}" = "test: the S3 server failed or was too slow for $place" ]
    [ -f "$file" ]
}

@test "remote: sees that the server stored half, whatever it answered" {
    s3_faults 'PUT lie'
    run --separate-stderr -65 upload
    [ "$stderr" = "test: $place is not what was sent: do not trust it
$(local_stays); find out what the server does" ]
    [ "$(s3_objects copies)" = "${file#*/} " ]
    [ -f "$file" ]
    # Half of it is too short to be read again.
    [ "$(s3_requests GET)" = 0 ]
}

@test "remote: sees that the server stored nothing, whatever it answered" {
    s3_faults 'PUT forget'
    run --separate-stderr -65 upload
    [ "$stderr" = "test: $place is not there, though it was uploaded without an error
$(local_stays); find out what the server does" ]
}

@test "remote: sees that the server stored another byte, whatever it answered" {
    s3_faults 'PUT flip'
    run --separate-stderr -65 upload
    [ "${stderr_lines[0]}" = "test: $place is not what was sent: do not trust it" ]
    [ "$(s3_objects copies)" = "${file#*/} " ]
}

@test "remote: reads the object again when its ETag is no MD5" {
    s3_faults 'HEAD opaque'
    upload
    arrived
    [ "$(s3_requests GET)" = 2 ]
}

@test "remote: reads the object again when it has no ETag" {
    s3_faults 'HEAD bare'
    upload
    [ "$(s3_requests GET)" = 2 ]
}

@test "remote: sees another byte when the ETag is no MD5" {
    s3_faults 'PUT flip' 'HEAD opaque'
    run --separate-stderr -65 upload
    [ "${stderr_lines[0]}" = "test: $place is not what was sent: do not trust it" ]
}

@test "remote: goes on after reading again has failed" {
    s3_faults 'HEAD bare' 'GET 500 2'
    upload
    [ "$(s3_requests GET)" = 4 ]
}

@test "remote: fails when reading again fails" {
    s3_faults 'HEAD bare' 'GET 403'
    run --separate-stderr -77 upload
    [ "${stderr_lines[0]}" = "test: the S3 server refused access to $place" ]
}

@test "remote: makes no bucket" {
    run --separate-stderr -66 library 'remote_upload "$@"' "$file" s3://elsewhere/x
    [ "$stderr" = "test: there is no bucket elsewhere
$(local_stays); make the bucket first, or correct its name" ]
    [ "$(ls "$s3/buckets")" = copies ]
}

@test "remote: overwrites nothing" {
    printf 'something else\n' >"$s3/buckets/copies/${file#*/}"
    run --separate-stderr -73 upload
    [ "$stderr" = "test: $place is there already, and is something else
$(local_stays); nothing was overwritten" ]
    [ "$(cat "$s3/buckets/copies/${file#*/}")" = "something else" ]
    [ "$(s3_requests PUT)" = 0 ]
}

@test "remote: overwrites nothing of the same size" {
    head -c 3000 /dev/zero >"$s3/buckets/copies/${file#*/}"
    run --separate-stderr -73 upload
    [ "${stderr_lines[0]}" = "test: $place is there already, and is something else" ]
    [ "$(s3_requests PUT)" = 0 ]
}

@test "remote: overwrites nothing that appears in the meantime" {
    printf 'something else\n' >"$s3/buckets/copies/${file#*/}"
    # The server denies it at first.
    s3_faults 'HEAD 404 1'
    run --separate-stderr -73 upload
    [ "${stderr_lines[0]}" = "test: $place is there already, and is something else" ]
    [ "$(cat "$s3/buckets/copies/${file#*/}")" = "something else" ]
}

@test "remote: overwrites no checksum" {
    printf 'something else\n' >"$s3/buckets/copies/${file#*/}.sha256"
    run --separate-stderr -73 upload
    [ "${stderr_lines[0]}" = "test: $place.sha256 is there already, and is something else" ]
}

@test "remote: finishes what was interrupted" {
    cp "$file" "$s3/buckets/copies/"
    upload
    arrived
    upload
    [ "$(s3_requests PUT)" = 1 ]
}

@test "remote: uploads nothing that does not match its checksum" {
    printf 'x' >>"$file"
    run --separate-stderr -65 upload
    [ "$stderr" = "test: $file does not match its checksum, so it is not uploaded" ]
    [ ! -e "$s3/requests" ]
}

@test "remote: names a server that is not there" {
    export AWS_ENDPOINT_URL_S3=http://127.0.0.1:1
    run --separate-stderr -69 upload
    [ "$stderr" = "test: the S3 server for $place cannot be reached
$(local_stays); check AWS_ENDPOINT_URL_S3 and the network" ]
}

@test "remote: repeats what the server calls a failure that is not known, without secrets" {
    s3_faults '* 418'
    run --separate-stderr -74 upload
    [ "$stderr" = "test: cannot upload $place: curl failed: code: 418
$(local_stays)" ]
}

@test "remote: sends a session token" {
    printf 'tok"en\\ 1\n' >"$s3/token"
    run --separate-stderr -77 upload
    AWS_SESSION_TOKEN='tok"en\ 1' upload
    arrived
}

@test "remote: takes the other names of the endpoint and the region" {
    export AWS_ENDPOINT_URL=$AWS_ENDPOINT_URL_S3/ AWS_ENDPOINT_URL_S3='' AWS_REGION='' AWS_DEFAULT_REGION=eu-west-9
    upload
    arrived
}

@test "remote: puts no secret into the arguments of a program, in any shell" {
    export AWS_SESSION_TOKEN='tok"en-1'
    printf '%s\n' "$AWS_SESSION_TOKEN" >"$s3/token"
    for client in printf cat sed awk env od mkfifo timeout; do
        use_client "$client"
    done
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        upload "in ${shell%% *}"
        arrived "in ${shell%% *}"
    done
    [ "$(grep -c bin/curl "$calls")" -ge 30 ]
    run -1 grep -F -e "$AWS_SECRET_ACCESS_KEY" -e secret -e "$AWS_SESSION_TOKEN" -e tok "$calls"
}

@test "remote: takes prefixes that hold anything" {
    local prefix
    for prefix in 'a b' 'ə ş ف é' 'p%41%2F+x&y=z;,!' "it's" '(a)[b]{c}*~' '#hash?query' 'q"uo`te$HOME' 'c:d@e|f' '<x>^' \
        -lead '.hidden/..x' 'trail ' '‛／'; do
        upload "$prefix"
        arrived "$prefix"
    done
}

@test "remote: uploads from a folder whose name holds anything" {
    local folder=$'w "x"\'/{a,b}[1]/‛．/-a:b\n%\\'
    mkdir -p "$folder"
    mv backups/* "$folder/"
    cd "$folder"
    library 'remote_upload "$@"' "$PWD/${file#*/}" s3://copies
    library 'remote_upload "$@"' "${file#*/}" s3://copies/again
    [ "$(s3_objects copies | wc -w)" -eq 4 ]
}

@test "remote: tells what is too large for curl" {
    run --separate-stderr -69 library 'remote_open "$1"; remote_file=$2 remote_mib=5120
        remote_curl_put' s3://copies "$file"
    [ "$stderr" = "test: curl cannot upload ${file#*/}, which has 5 GiB or more
hint: install the package rclone" ]
}

@test "remote: ends at once with a signal, and leaves nothing" {
    s3_faults 'PUT slow 60'
    mkfifo "$s3/waiting"
    library 'printf "%s\n" "$$" >pid; remote_upload "$@"' "$file" s3://copies 3>&- &
    read -r -t 30 _ <"$s3/waiting"
    kill -s TERM "$(cat pid)"
    local status=0
    wait "$!" || status=$?
    [ "$status" -eq 143 ]
    [ "$(ls -A tmp)" = "" ]
}

@test "remote: reads no configuration of curl, and leaves proxies to it" {
    export HOME=$PWD
    printf 'output = "stolen"\nuser-agent = "x"\n' >.curlrc
    upload
    [ ! -e stolen ]
}

@test "remote: trusts the certificates of AWS_CA_BUNDLE, and no others" {
    s3_restart_tls
    run --separate-stderr -69 upload
    [ "${stderr_lines[0]}" = "test: the S3 server for $place cannot be reached" ]
    export AWS_CA_BUNDLE=$s3/certificate.pem
    upload
    arrived
}
