# shellcheck shell=sh disable=SC2034,SC2154
# S3 through curl, which signs requests but knows nothing else of S3: the checksums that the server is to
# compare, and what its answers mean, are here.

remote_curl_open() {
    remote_tries=3
    [ -n "$remote_endpoint" ] || remote_endpoint=https://s3.$remote_region.amazonaws.com
    curl_quote "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"
    remote_user=$curl_quoted
    curl_quote "x-amz-security-token: ${AWS_SESSION_TOKEN-}"
    remote_token=$curl_quoted
}

# Sends one request for the object, with the arguments for curl behind the common ones. What curl and the
# server say goes where remote_failed looks for it.
remote_curl_run() {
    remote_url=$remote_endpoint/$remote_bucket/$(encode_path "$remote_key")
    remote_run curl -q -K - -sS -g --path-as-is --proto '=http,https' --connect-timeout 10 \
        --speed-limit 1 --speed-time "$remote_timeout" \
        --max-time "$((remote_timeout + remote_mib * 64))" --aws-sigv4 "aws:amz:$remote_region:s3" \
        ${AWS_CA_BUNDLE:+--cacert "$AWS_CA_BUNDLE"} \
        -w '%{stderr}connected: %{time_connect}\ncode: %{http_code}\n' --url "$remote_url" "$@" 7<<CONFIG || :
user = $remote_user
${AWS_SESSION_TOKEN:+header = $remote_token}
CONFIG
    remote_code=$(sed -n 's/^code: //p' "$scratch/remote.err")
    remote_connected=$(sed -n 's/^connected: //p' "$scratch/remote.err")
    case $scratch_status:$remote_code:$remote_connected in
    0:2??:*) return 0 ;;
    0:*) remote_said=$([ -n "$remote_out" ] || sed -n 's/.*<Code>\([A-Za-z0-9]*\)<.*/\1/p' "$scratch/remote.out") ;;
    5:* | 6:* | 7:* | 35:* | 60:* | 28:*:0.000000) remote_said='could not connect' ;;
    16:* | 18:* | 52:* | 55:* | 56:* | 92:*) remote_said=closed ;;
    *) remote_said= ;;
    esac
    printf '%s\n' "$remote_said" >>"$scratch/remote.err"
    remote_failed "$scratch_status"
}

# The checksum of nothing goes with a request that has no body.
remote_curl_ask() {
    remote_curl_run -H x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 "$@"
}

remote_curl_head() {
    remote_size=
    remote_etag=
    remote_curl_ask -I || {
        [ "$remote_code" = 404 ] || return
        return 0
    }
    remote_size=$(remote_curl_header content-length)
    remote_etag=$(remote_curl_header etag)
}

# Prints header $1 of the answer, without quotes around it.
remote_curl_header() {
    awk -v name="$1:" 'tolower($1) == name { value = $2; gsub(/["\r]/, "", value) } END { print value }' "$scratch/remote.out"
}

remote_curl_put() {
    [ "$remote_mib" -lt 5120 ] ||
        die 69 "curl cannot upload ${remote_file##*/}, which has 5 GiB or more" "install the package rclone"
    remote_sum=$(encode_base64 "$remote_md5") || remote_sum=
    remote_curl_run -T "$remote_file" -H "x-amz-content-sha256: $remote_sha" -H 'If-None-Match: *' \
        -H 'Content-Type: application/octet-stream' ${remote_sum:+-H "Content-MD5: $remote_sum"}
}

remote_curl_get() {
    remote_out=$scratch/remote.pipe
    remote_curl_ask
    set -- "$?"
    remote_out=
    return "$1"
}
