# shellcheck shell=sh disable=SC2034,SC2154
# Copies of snapshots on an S3 server, which may be anybody's: s3://BUCKET/PREFIX.
#
# A bucket is never made, an object is never overwritten, and the file here stays whatever happens.
# Nobody's word is taken for it that a file arrived: neither the client's nor the server's answer to the
# upload, but the size and checksum of what can be read from the server afterwards. The checksum file
# goes last, so a snapshot there that has one is complete.

# Copies file $1 and its checksum to URL $2. When it comes back, both are there.
remote_upload() {
    remote_open "$2"
    checksum_matches "$1" || die 65 "${1#./} does not match its checksum, so it is not uploaded"
    remote_send "$1"
    remote_send "$1.sha256"
}

# Copies file $1. An object that is there already is as good when it is the same.
remote_send() {
    remote_file=$1
    case $1 in
    /*) ;;
    *) remote_file=./${1#./} ;;
    esac
    remote_key=${remote_prefix:+$remote_prefix/}${1##*/}
    remote_measure
    remote_try head
    if [ -n "$remote_size" ]; then
        remote_arrived || remote_die 73
        return 0
    fi
    if ! remote_persist put; then
        # Another try of ours may have got through without our hearing of it.
        [ "$remote_status" -eq 73 ] || remote_die "$remote_status"
        remote_try head
        remote_arrived || remote_die 73
        return 0
    fi
    remote_try head
    [ -n "$remote_size" ] || remote_die lost
    remote_arrived || remote_die 65
}

# Sets remote_bytes, remote_mib (whole MiB: some shells count to 2^31 only), remote_md5 (empty where
# nothing computes it) and remote_sha of the file here.
remote_measure() {
    remote_bytes=$(wc -c <"$remote_file" | tr -d ' ')
    remote_mib=$(awk -v bytes="$remote_bytes" 'BEGIN { print int(bytes / 1048576) }')
    checksum_take "$remote_file"
    remote_sha=$checksum
    remote_md5=
    if command -v md5sum >/dev/null; then
        remote_run md5sum 7<"$remote_file" || return 0
    else
        remote_run openssl dgst -md5 -r 7<"$remote_file" || return 0
    fi
    read -r remote_md5 remote_rest <"$scratch/remote.out" || remote_md5=
    case $remote_md5 in
    *[!0-9a-f]*) remote_md5= ;;
    *) [ "${#remote_md5}" -eq 32 ] || remote_md5= ;;
    esac
}

# True when the object that `head` has seen is the file here. Its ETag is the MD5 of an object that came
# in one piece and is not encrypted there; where it is anything else, the object is read.
remote_arrived() {
    [ "$remote_size" = "$remote_bytes" ] || return 1
    [ -n "$remote_md5" ] && [ "$remote_etag" = "$remote_md5" ] && return 0
    remote_try digest
    [ "$checksum" = "$remote_sha" ]
}

# Sets checksum to that of the object, without a copy of it on the disk.
remote_digest() {
    rm -f -- "$scratch/remote.pipe"
    mkfifo "$scratch/remote.pipe" || die 73 "cannot make a pipe in the temporary folder"
    checksum_run <"$scratch/remote.pipe" >"$scratch/remote.sum" 7<&- 8<&- 9<&- &
    remote_reader=$!
    "remote_${remote_driver}_get"
    remote_result=$?
    wait "$remote_reader" || :
    [ "$remote_result" -eq 0 ] || return 1
    read -r checksum remote_rest <"$scratch/remote.sum"
}
