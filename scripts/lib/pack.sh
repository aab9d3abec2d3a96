# shellcheck shell=sh disable=SC2034,SC2154
# Compression (none, gzip, zstd) and encryption (age:RECIPIENT, gpg:KEY) of files. A tool's exit status
# alone proves nothing: what was compressed is taken apart again and compared, what was encrypted has
# to look like it and be no smaller. unpack.sh undoes it.

# Sets pack_reason from what a tool wrote to standard error, or its status.
pack_explain() {
    pack_reason=$(sed -n '/^$/d; /^gpg: WARNING/d; s/^age: error: //; p' "$scratch/error" | head -n 1)
    : "${pack_reason:=it ended with status $scratch_status}"
}

pack_needs() {
    command -v "$1" >/dev/null || case $1 in
    gpg) die 69 "there is no gpg" "install the package gnupg" ;;
    *) die 69 "there is no $1" "install the package $1" ;;
    esac
}

# Ends the program when compression $1 or encryption $2 is unknown or cannot be done here, before
# anything is copied.
pack_check() {
    case $1 in
    '' | none) ;;
    gzip | zstd) pack_needs "$1" ;;
    *) die 64 "compression \"$1\" is not known" "use one of: gzip zstd none" ;;
    esac
    case $2 in
    '' | none) return ;;
    age:-* | gpg:-* | age: | gpg:) die 64 "encryption \"$2\" names no recipient" "write age:RECIPIENT or gpg:KEY" ;;
    age:* | gpg:*) ;;
    *) die 64 "this kind of encryption is not known" "write age:RECIPIENT or gpg:KEY" ;;
    esac
    pack_needs "${2%%:*}"
    scratch_make
    printf 'test\n' >"$scratch/plain" || die 74 "cannot write into the temporary folder"
    pack_encode "$2" "$scratch/plain" "$scratch/sealed" || {
        pack_explain
        die 78 "${2%%:*} cannot encrypt for ${2#*:}: $pack_reason" "check the recipient or the key"
    }
    pack_sealed "$2" "$scratch/plain" "$scratch/sealed" || die 69 "${2%%:*} did not encrypt a test"
}

# Puts file $2 through the tool of $1 into the new file $3. A signal ends it at once.
pack_encode() {
    pack_in=$2
    pack_out=$3
    case $1 in
    gzip) set -- gzip -c ;;
    zstd) set -- zstd -q -c ;;
    age:/* | age:./*) set -- age -e -R "${1#age:}" ;;
    age:*) set -- age -e -r "${1#age:}" ;;
    *) set -- gpg --batch --no-tty --quiet --no-auto-key-locate --trust-model always -z 0 --recipient "${1#gpg:}" --encrypt ;;
    esac
    "$@" <"$pack_in" >"$pack_out" 2>"$scratch/error" 9<&- 8<&- &
    scratch_wait "$!" || :
    [ -z "$scratch_signalled" ] || scratch_end
    return "$scratch_status"
}

# True when file $3 is file $2 as $1 encrypts it: begun right, and larger. Some shells count to 2^31 only.
pack_sealed() (
    plain=$(store_size "$2") && sealed=$(store_size "$3") || return 1
    awk -v plain="$plain" -v sealed="$sealed" 'BEGIN { exit !(plain + 0 > 0 && sealed + 0 > plain + 0) }' || return 1
    case $1 in
    age:*) start=$(head -c 21 -- "$3") && [ "$start" = age-encryption.org/v1 ] ;;
    *) start=$(od -A n -t u1 -N 1 -- "$3") && [ "$start" -ge 128 ] ;;
    esac
)

# Puts file $3 through compression $1 and encryption $2; each step removes what it was made from. Sets
# pack_file.
pack_wrap() {
    pack_file=$3
    [ -s "$pack_file" ] || die 65 "there is nothing to pack in $pack_file"
    case $1 in
    gzip) pack_step "$1" "$pack_file.gz" ;;
    zstd) pack_step "$1" "$pack_file.zst" ;;
    *) ;;
    esac
    case $2 in
    age:*) pack_step "$2" "$pack_file.age" ;;
    gpg:*) pack_step "$2" "$pack_file.gpg" ;;
    *) ;;
    esac
}

pack_step() {
    pack_encode "$1" "$pack_file" "$2" || {
        pack_explain
        case $pack_reason in
        *[Nn]'o space left'* | *'too large'*) pack_status=74 ;;
        *) pack_status=1 ;;
        esac
        die "$pack_status" "${1%%:*} failed: $pack_reason" "the snapshot was not kept"
    }
    unpack_prove "$1" "$pack_file" "$2" || die 74 "${1%%:*} ended well, but did not write all of it" \
        "the snapshot was not kept; check the tool and the disk"
    rm -f -- "$pack_file" || die 74 "cannot remove $pack_file"
    pack_file=$2
}
