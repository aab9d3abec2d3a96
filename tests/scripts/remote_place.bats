#!/usr/bin/env bats
# Uploads: what is refused before the first byte.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../helpers/s3
load library
load remote

setup() {
    use_scratch
    use_library checksum curl_config encode remote_place remote_client remote
    s3_environment 1 key secret
    url=s3://copies
}

# Expects that the settings are refused with a status and a message.
refuses() { # <status> <message>
    run --separate-stderr "-$1" library 'remote_open "$@"' "$url"
    [ "$output" = "" ]
    [ "$stderr" = "test: $2" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
}

# What the settings come to.
place() {
    library 'remote_open "$@"; printf "%s\n" "$remote_driver $remote_bucket/$remote_prefix $remote_endpoint $remote_region"' "$url"
}

# Only these clients are there, each a program with that text.
only() { # [<client> <text>]...
    [ -d bin ] || use_tools
    rm -f bin/rclone bin/aws bin/curl
    while [ "$#" -gt 0 ]; do
        printf '#!/bin/sh\n%s\n' "$2" >"bin/$1"
        chmod +x "bin/$1"
        shift 2
    done
}

@test "remote: refuses what is not the URL of a bucket, without repeating it" {
    for url in '' backups http://copies/x S3://copies s3:copies s3://; do
        refuses 64 "this is not a place to upload to
hint: write s3://BUCKET/PREFIX"
    done
    for url in s3:///x s3://key:secret@copies/x 's3://two words' s3://-copies s3://.copies 's3://*/x' s3://é; do
        refuses 64 "the place to upload to does not begin with the name of a bucket
hint: write s3://BUCKET/PREFIX; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    done
}

@test "remote: refuses a prefix that clients would change" {
    for url in s3://copies/a//b s3://copies/. s3://copies/../x s3://copies/a/.. s3://copies/a/./b 's3://copies/a\b' $'s3://copies/a\nb'; do
        refuses 64 "s3://copies: the prefix has a part that is empty, . or .., or holds a backslash or control character"
    done
}

@test "remote: takes the first client that is there" {
    only rclone : aws : curl 'echo "curl 7.88.1"'
    [ "$(place)" = "rclone copies/ http://127.0.0.1:1 us-east-1" ]
    only aws : curl 'echo "curl 7.88.1"'
    [ "$(place)" = "aws copies/ http://127.0.0.1:1 us-east-1" ]
    only curl 'echo "curl 7.88.1"'
    [ "$(place)" = "curl copies/ http://127.0.0.1:1 us-east-1" ]
}

@test "remote: takes the client that is asked for" {
    only rclone : aws : curl 'echo "curl 8.0.0"'
    export MIGRATE_S3_CLIENT=curl
    [ "$(place)" = "curl copies/ http://127.0.0.1:1 us-east-1" ]
    [ "$(library 'remote_client=aws; remote_open "$@"; echo "$remote_driver"' "$url")" = aws ]
}

@test "remote: names the client that is missing, and its package" {
    only curl 'echo "curl 7.88.1"'
    export MIGRATE_S3_CLIENT=aws
    refuses 69 "aws is not there, which is to upload
hint: install the package awscli"
    export MIGRATE_S3_CLIENT=rclone
    refuses 69 "rclone is not there, which is to upload
hint: install the package rclone"
    export MIGRATE_S3_CLIENT=ftp
    refuses 64 '"ftp" is no client for S3
hint: use one of: rclone aws curl'
}

@test "remote: takes no curl that is too old to sign what Amazon wants signed" {
    only curl 'echo "curl 7.85.0 (x86_64-pc-linux-gnu)"'
    refuses 69 "there is none of rclone, aws and curl (7.86 or newer) to upload with
hint: install the package rclone"
    export MIGRATE_S3_CLIENT=curl
    refuses 69 "curl is not there, which is to upload
hint: install the package curl, 7.86 or newer"
    only curl 'echo "curl 10.1.0"'
    place
}

@test "remote: says which keys are missing, or broken" {
    unset AWS_SECRET_ACCESS_KEY
    refuses 78 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set
hint: set both; they are not taken from .env"
    export AWS_SECRET_ACCESS_KEY=secret AWS_ACCESS_KEY_ID=
    refuses 78 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set
hint: set both; they are not taken from .env"
    export AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=$'sec\nret'
    refuses 78 "a control character is in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN"
    export AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN=$'to\rken'
    refuses 78 "a control character is in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN"
}

@test "remote: refuses an endpoint that is not one, without repeating it" {
    for AWS_ENDPOINT_URL_S3 in minio:9000 ftp://minio file:///x; do
        refuses 78 "the URL of the S3 server begins with neither https:// nor http://
hint: see AWS_ENDPOINT_URL_S3"
    done
    for AWS_ENDPOINT_URL_S3 in https://key:secret@minio https://minio/?x https://minio/#x 'https://mi nio' $'https://minio\n'; do
        refuses 78 "the URL of the S3 server holds more than a host and a path
hint: see AWS_ENDPOINT_URL_S3"
    done
}

@test "remote: goes to Amazon without an endpoint" {
    unset AWS_ENDPOINT_URL_S3
    export AWS_REGION=eu-central-1 MIGRATE_S3_CLIENT=curl
    [ "$(place)" = "curl copies/ https://s3.eu-central-1.amazonaws.com eu-central-1" ]
    [ "$(MIGRATE_S3_CLIENT=rclone library 'remote_open "$@"; echo "$RCLONE_CONFIG_B_PROVIDER" "${RCLONE_CONFIG_B_ENDPOINT-none}"' "$url")" = "AWS none" ]
}

@test "remote: refuses numbers that are none, and a region that is none" {
    export MIGRATE_S3_TIMEOUT=0
    refuses 78 "MIGRATE_S3_TIMEOUT is not a number from 1 to 86400"
    export MIGRATE_S3_TIMEOUT=1m
    refuses 78 "MIGRATE_S3_TIMEOUT is not a number from 1 to 86400"
    export MIGRATE_S3_TIMEOUT=60 MIGRATE_S3_PAUSE=-1
    refuses 78 "MIGRATE_S3_PAUSE is not a number from 0 to 3600"
    export MIGRATE_S3_PAUSE=1 MIGRATE_S3_MULTIPART=4
    refuses 78 "MIGRATE_S3_MULTIPART is not a number from 5 to 5119"
    export MIGRATE_S3_MULTIPART=99999999999999999999
    refuses 78 "MIGRATE_S3_MULTIPART is not a number from 5 to 5119"
    export MIGRATE_S3_MULTIPART=4096 AWS_REGION='us east'
    refuses 78 "this is not the name of a region
hint: see AWS_REGION"
}

@test "remote: writes a path in a URL, and base64, with every awk" {
    local tool
    mkdir -p awks
    for tool in mawk gawk original-awk busybox; do
        command -v "$tool" >/dev/null || continue
        ln -sf "$(command -v "$tool")" awks/awk
        [ "$(PATH=$PWD/awks:$PATH library 'encode_path "$1"' $'aZ09-._~/ %+&?#[]@!$\'()*,;:="<>\\^`{|}\x7fé')" = \
            'aZ09-._~/%20%25%2B%26%3F%23%5B%5D%40%21%24%27%28%29%2A%2C%3B%3A%3D%22%3C%3E%5C%5E%60%7B%7C%7D%7F%C3%A9' ]
        for bytes in '' 00 ff 0001 fffefd d41d8cd98f00b204e9800998ecf8427e 00ff00ff00ff00ff; do
            [ "$(PATH=$PWD/awks:$PATH library 'encode_base64 "$1"' "$bytes")" = \
                "$(/usr/bin/python3 -c 'import base64, sys; print(base64.b64encode(bytes.fromhex(sys.argv[1])).decode())' "$bytes")" ]
        done
    done
}
