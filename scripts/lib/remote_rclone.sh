# shellcheck shell=sh disable=SC2034,SC2154
# S3 through rclone, which is told everything by its environment, so that no file of a person matters.

remote_rclone_open() {
    remote_tries=1
    # With U+201B, U+FF0E and U+FF0F rclone writes what a file system does not take, and changes them.
    remote_hex=$(printf '%s' "$remote_prefix" | od -A n -v -t x1 | tr -s '\n ' ' ')
    case $remote_hex in
    *'e2 80 9b'* | *'ef bc 8e'* | *'ef bc 8f'*) die 64 "rclone cannot upload to a prefix that holds U+201B, U+FF0E or U+FF0F" \
        "choose aws or curl with MIGRATE_S3_CLIENT" ;;
    *) ;;
    esac
    export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_B_TYPE=s3 RCLONE_CONFIG_B_ENV_AUTH=true
    export RCLONE_CONFIG_B_REGION="$remote_region" RCLONE_CONFIG_B_FORCE_PATH_STYLE=true
    export RCLONE_CONFIG_B_UPLOAD_CUTOFF="${remote_multipart}Mi" RCLONE_CONFIG_B_CHUNK_SIZE=64Mi
    [ "$remote_multipart" -ge 64 ] || export RCLONE_CONFIG_B_CHUNK_SIZE=5Mi
    # Without this, rclone makes a bucket that is not there.
    export RCLONE_S3_NO_CHECK_BUCKET=true RCLONE_CONFIG_B_NO_CHECK_BUCKET=true
    export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
    export RCLONE_CONFIG_B_PROVIDER=AWS
    if [ -n "$remote_endpoint" ]; then
        export RCLONE_CONFIG_B_PROVIDER=Other RCLONE_CONFIG_B_ENDPOINT="$remote_endpoint"
    fi
    # rclone ends at once where AWS_CA_BUNDLE is set, but has a variable of its own for it.
    [ -z "${AWS_CA_BUNDLE-}" ] || export RCLONE_CA_CERT="$AWS_CA_BUNDLE"
    unset AWS_CA_BUNDLE AWS_PROFILE
}

remote_rclone_run() {
    remote_run rclone --retries 3 --low-level-retries 3 --contimeout 10s --timeout "${remote_timeout}s" "$@" 7</dev/null
}

# An object in parts has an MD5 here that is the word of the client that sent it.
remote_rclone_head() {
    remote_size=
    remote_etag=
    remote_rclone_run lsjson --stat --hash --hash-type MD5 -- "b:$remote_bucket/$remote_key" || {
        [ "$scratch_status" -eq 3 ] || remote_failed "$scratch_status" || return
        return 0
    }
    # shellcheck disable=SC2312 # what is missing is seen
    [ "$(remote_rclone_value IsDir)" = false ] || return 0
    remote_size=$(remote_rclone_value Size)
    [ "$remote_mib" -ge "$remote_multipart" ] || remote_etag=$(remote_rclone_value md5)
}

# Prints value $1 of the JSON that rclone wrote, which has a line for each.
remote_rclone_value() {
    sed -n 's/^[[:blank:]]*"'"$1"'": *"\{0,1\}\([a-z0-9]*\)"\{0,1\},\{0,1\}$/\1/p' "$scratch/remote.out"
}

# What is there already is skipped, and what `head` says afterwards counts. rclone takes every ETag for
# an MD5, and would remove what a server has encrypted, so comparing is not left to it.
remote_rclone_put() {
    remote_rclone_run copyto --ignore-existing --ignore-checksum -- "$remote_file" "b:$remote_bucket/$remote_key" ||
        remote_failed "$scratch_status"
}

remote_rclone_get() {
    remote_out=$scratch/remote.pipe
    remote_rclone_run cat -- "b:$remote_bucket/$remote_key" || remote_failed "$scratch_status"
    set -- "$?"
    remote_out=
    return "$1"
}
