# shellcheck shell=sh disable=SC2034,SC2154
# S3 through the command line of Amazon, any version from 1.18 on.

# Its settings come from a file of our own, for where the bucket stands in a URL has no other place.
remote_aws_open() {
    remote_tries=1
    remote_style=auto
    [ -z "$remote_endpoint" ] || remote_style=path
    remote_part=64
    [ "$remote_multipart" -ge "$remote_part" ] || remote_part=5
    cat >"$scratch/aws" <<CONFIG || die 74 "cannot write into the temporary folder"
[default]
s3 =
    addressing_style = $remote_style
    multipart_threshold = ${remote_multipart}MB
    multipart_chunksize = ${remote_part}MB
    max_concurrent_requests = 4
CONFIG
    export AWS_CONFIG_FILE="$scratch/aws" AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
    export AWS_MAX_ATTEMPTS=3 AWS_RETRY_MODE=standard AWS_PAGER='' AWS_REGION="$remote_region"
    export AWS_DEFAULT_REGION="$remote_region"
    # The newer checksums are known to few servers.
    export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required
    unset AWS_PROFILE AWS_DEFAULT_PROFILE
}

remote_aws_run() {
    remote_run aws ${remote_endpoint:+--endpoint-url "$remote_endpoint"} --cli-connect-timeout 10 \
        --cli-read-timeout "$remote_timeout" "$@" 7</dev/null
}

remote_aws_head() {
    remote_size=
    remote_etag=
    remote_aws_run s3api head-object --bucket "$remote_bucket" --key "$remote_key" --output text \
        --query '[ContentLength, ETag]' || {
        grep -q '(404)' "$scratch/remote.err" || remote_failed "$scratch_status" || return
        return 0
    }
    read -r remote_size remote_etag <"$scratch/remote.out" || :
    remote_etag=${remote_etag#\"}
    remote_etag=${remote_etag%\"}
}

remote_aws_put() {
    remote_aws_run s3 cp --only-show-errors "$remote_file" "s3://$remote_bucket/$remote_key" ||
        remote_failed "$scratch_status"
}

remote_aws_get() {
    remote_out=$scratch/remote.pipe
    remote_aws_run s3 cp --only-show-errors "s3://$remote_bucket/$remote_key" - || remote_failed "$scratch_status"
    set -- "$?"
    remote_out=
    return "$1"
}
