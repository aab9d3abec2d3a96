# shellcheck shell=sh disable=SC2034,SC2154
# Where copies of snapshots go, and through what: everything that can be known before the first byte.
#
# From the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (secrets, which
# stay there); AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL (Amazon's without them); AWS_REGION or
# AWS_DEFAULT_REGION (us-east-1); AWS_CA_BUNDLE; MIGRATE_S3_CLIENT (rclone, aws, curl; the first of
# them that is there), which remote_client overrides; MIGRATE_S3_TIMEOUT, the seconds without progress
# after which a transfer is given up (60); MIGRATE_S3_PAUSE, the seconds before another try (2);
# MIGRATE_S3_MULTIPART, the size in MiB from which a file goes in parts (4096). The keys have to allow
# putting and getting objects, and listing the bucket: without that, what is not there looks forbidden.

# Ends the program when number $2 of setting $1 is not one from $3 to $4.
remote_number_check() {
    case $2 in
    *[!0-9]* | '' | ??????*) ;;
    *) [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ] || return 0 ;;
    esac
    die 78 "$1 is not a number from $3 to $4"
}

# Splits URL $1 into remote_bucket and remote_prefix, which begins and ends with no slash.
remote_place() {
    case $1 in
    s3://?*) remote_prefix=${1#s3://} ;;
    *) die 64 "this is not a place to upload to" "write s3://BUCKET/PREFIX" ;;
    esac
    remote_bucket=${remote_prefix%%/*}
    remote_prefix=${remote_prefix#"$remote_bucket"}
    while :; do
        case $remote_prefix in
        /*) remote_prefix=${remote_prefix#/} ;;
        */) remote_prefix=${remote_prefix%/} ;;
        *) break ;;
        esac
    done
    case $remote_bucket in
    [!A-Za-z0-9]* | *[!A-Za-z0-9._-]* | '') die 64 "the place to upload to does not begin with the name of a bucket" \
        "write s3://BUCKET/PREFIX; keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" ;;
    *) ;;
    esac
    case /$remote_prefix/ in
    //) ;;
    *//* | */./* | */../* | *\\* | *[[:cntrl:]]*) die 64 "s3://$remote_bucket: the prefix has a part that is empty, . or .., or holds a backslash or control character" ;;
    *) ;;
    esac
}

# Sets remote_driver to the client that is asked for, or the first that is there.
remote_choose() {
    # In yash, the variable of a loop in a function is gone after it.
    for remote_candidate in ${remote_client:-${MIGRATE_S3_CLIENT:-rclone aws curl}}; do
        remote_driver=$remote_candidate
        case $remote_driver in
        rclone) remote_package=rclone ;;
        aws) remote_package=awscli ;;
        curl) remote_package='curl, 7.86 or newer' ;;
        *) die 64 "\"$remote_driver\" is no client for S3" "use one of: rclone aws curl" ;;
        esac
        command -v "$remote_driver" >/dev/null || continue
        [ "$remote_driver" != curl ] || curl_at_least 7 86 || continue
        return 0
    done
    [ -z "${remote_client:-${MIGRATE_S3_CLIENT-}}" ] ||
        die 69 "$remote_driver is not there, which is to upload" "install the package $remote_package"
    die 69 "there is none of rclone, aws and curl (7.86 or newer) to upload with" "install the package rclone"
}

# Ends the program when nothing can be uploaded to URL $1; to be called before a snapshot is taken, too.
remote_open() {
    remote_place "$1"
    remote_choose
    case ${AWS_ACCESS_KEY_ID:+set}${AWS_SECRET_ACCESS_KEY:+set}:${AWS_ACCESS_KEY_ID-}${AWS_SECRET_ACCESS_KEY-}${AWS_SESSION_TOKEN-} in
    *[[:cntrl:]]*) die 78 "a control character is in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY or AWS_SESSION_TOKEN" ;;
    setset:*) ;;
    *) die 78 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set" "set both; they are not taken from .env" ;;
    esac
    remote_endpoint=${AWS_ENDPOINT_URL_S3:-${AWS_ENDPOINT_URL-}}
    case $remote_endpoint in
    *[@?#\ ]* | *[[:cntrl:]]*) die 78 "the URL of the S3 server holds more than a host and a path" "see AWS_ENDPOINT_URL_S3" ;;
    https://?* | http://?* | '') remote_endpoint=${remote_endpoint%/} ;;
    *) die 78 "the URL of the S3 server begins with neither https:// nor http://" "see AWS_ENDPOINT_URL_S3" ;;
    esac
    remote_region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
    case $remote_region in
    *[!A-Za-z0-9-]*) die 78 "this is not the name of a region" "see AWS_REGION" ;;
    *) ;;
    esac
    remote_timeout=${MIGRATE_S3_TIMEOUT:-60}
    remote_number_check MIGRATE_S3_TIMEOUT "$remote_timeout" 1 86400
    remote_pause=${MIGRATE_S3_PAUSE:-2}
    remote_number_check MIGRATE_S3_PAUSE "$remote_pause" 0 3600
    remote_multipart=${MIGRATE_S3_MULTIPART:-4096}
    remote_number_check MIGRATE_S3_MULTIPART "$remote_multipart" 5 5119
    scratch_make
    # shellcheck source=remote_curl.sh
    . "$here/lib/remote_$remote_driver.sh"
    "remote_${remote_driver}_open"
}
