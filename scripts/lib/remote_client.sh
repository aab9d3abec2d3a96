# shellcheck shell=sh disable=SC2034,SC2154
# One call of a client for S3: bounded in time, ended by a signal, and its words understood. The clients
# are in remote_rclone.sh, remote_aws.sh and remote_curl.sh, each with these functions for the object
# $remote_key in $remote_bucket:
#
#   remote_CLIENT_open   prepares what all calls need; sets remote_tries, how often a call that
#                        fails for the moment is made (1 where the client does that itself)
#   remote_CLIENT_head   sets remote_size and remote_etag; an empty size is an object that is not there,
#                        an empty ETag one that proves nothing
#   remote_CLIENT_put    uploads $remote_file
#   remote_CLIENT_get    writes the object to $scratch/remote.pipe
#
# They fail after remote_failed, which sets remote_status: the exit status for what happened, 73 when
# the object is there already.

remote_out= # where the output of a client goes, else $scratch/remote.out

# Runs a program with descriptor 7 as its input. It is given eight times the seconds without progress, for
# some try again by themselves, and a second for each 64 KiB. The lock must not live as long as a client does.
remote_run() {
    if command -v timeout >/dev/null; then
        set -- timeout -k 5 "$((remote_timeout * 8 + remote_mib * 16))" "$@"
    fi
    "$@" <&7 >"${remote_out:-$scratch/remote.out}" 2>"$scratch/remote.err" 7<&- 8<&- 9<&- &
    scratch_wait "$!" || :
    [ -z "$scratch_signalled" ] || scratch_end
    return "$scratch_status"
}

# Sets remote_status for exit status $1 of a client and what it said; returns 1.
remote_failed() {
    remote_said=$(head -c 20000 "$scratch/remote.err")
    case $1:$remote_said in
    *NoSuchBucket*) remote_status=66 ;;
    *AccessDenied* | *Forbidden* | *InvalidAccessKeyId* | *SignatureDoesNotMatch* | *InvalidToken* | *ExpiredToken* | \
        *RequestTimeTooSkewed* | *'code: 401'* | *'code: 403'*) remote_status=77 ;;
    *PreconditionFailed* | *ConditionalRequestConflict* | *'code: 412'*) remote_status=73 ;;
    *BadDigest* | *XAmzContentSHA256Mismatch* | *'corrupted on transfer'*) remote_status=65 ;;
    *'dial tcp'* | *'ould not connect'* | *'Connect timeout'* | *'not resolve'* | *x509* | *ertificate* | \
        *'SSL validation'*) remote_status=69 ;;
    124:* | 137:* | *'code: 5'??* | *'code: 429'* | *InternalError* | *SlowDown* | *ServiceUnavailable* | \
        *imeout* | *'timed out'* | *reset* | *closed* | *EOF* | *'roken pipe'*) remote_status=75 ;;
    *) remote_status=74 ;;
    esac
    return 1
}

# Makes call $1 of the client, more than once when it fails for the moment.
remote_persist() {
    remote_left=$remote_tries
    while :; do
        case $1 in
        digest) remote_digest && return 0 ;;
        *) "remote_${remote_driver}_$1" && return 0 ;;
        esac
        remote_left=$((remote_left - 1))
        [ "$remote_status" -eq 75 ] && [ "$remote_left" -gt 0 ] || return 1
        sleep "$remote_pause" 8<&- 9<&- &
        scratch_wait "$!" || :
        [ -z "$scratch_signalled" ] || scratch_end
    done
}

# The same, and the end of the program when it fails all the same.
remote_try() {
    remote_persist "$1" || remote_die "$remote_status"
}

# Ends the program with status $1 for the object. What a client says is not repeated, except where
# nothing is known about it: it may hold signatures.
remote_die() {
    remote_shown=s3://$remote_bucket/$remote_key
    remote_local="${remote_file#./} stays as it is"
    case $1 in
    65) die 65 "$remote_shown is not what was sent: do not trust it" "$remote_local; find out what the server does" ;;
    lost) die 65 "$remote_shown is not there, though it was uploaded without an error" "$remote_local; find out what the server does" ;;
    66) die 66 "there is no bucket $remote_bucket" "$remote_local; make the bucket first, or correct its name" ;;
    69) die 69 "the S3 server for $remote_shown cannot be reached" "$remote_local; check AWS_ENDPOINT_URL_S3 and the network" ;;
    73) die 73 "$remote_shown is there already, and is something else" "$remote_local; nothing was overwritten" ;;
    75) die 75 "the S3 server failed or was too slow for $remote_shown" "$remote_local; try again later" ;;
    77) die 77 "the S3 server refused access to $remote_shown" "$remote_local; check the keys, what they may do, and the clock" ;;
    *)
        remote_said=$(remote_words) || remote_said=
        die 74 "cannot upload $remote_shown: $remote_driver failed: ${remote_said:-it does not say why}" "$remote_local"
        ;;
    esac
}

# Prints the last line of what the client said, without the secrets.
remote_words() {
    awk 'NF { line = $0 } END {
        split("AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_ACCESS_KEY_ID", secrets, " ")
        for (number in secrets) {
            secret = ENVIRON[secrets[number]]
            while (secret != "" && (place = index(line, secret)) > 0)
                line = substr(line, 1, place - 1) "(secret)" substr(line, place + length(secret))
        }
        print line
    }' "$scratch/remote.err"
}
