# shellcheck shell=sh disable=SC2034,SC2154
# SHA-256: of a file, and the one that is kept beside a file, in FILE.sha256, in the form that
# `sha256sum -c` reads: 64 hexadecimal digits, two blanks, the base name, a line end.

# Ends the program where nothing can compute a checksum.
checksum_needs() {
    command -v sha256sum >/dev/null || command -v shasum >/dev/null || command -v openssl >/dev/null ||
        die 69 "there is no sha256sum, shasum or openssl" "install the package coreutils"
}

# Prints what the tool that is there says of its standard input. openssl comes first: it uses what the
# processor has for it, and is several times as fast.
checksum_run() {
    if command -v openssl >/dev/null; then
        exec openssl dgst -sha256 -r
    elif command -v sha256sum >/dev/null; then
        exec sha256sum
    else
        exec shasum -a 256
    fi
}

# True when $1 is 64 hexadecimal digits.
checksum_valid() {
    case $1 in
    *[!0-9a-f]*) return 1 ;;
    *) [ "${#1}" -eq 64 ] ;;
    esac
}

# Sets checksum to that of file $1, which may be a pipe. A signal ends it at once.
checksum_take() {
    scratch_make
    checksum=
    { checksum_run 9<&- 8<&-; } <"$1" >"$scratch/checksum" 2>"$scratch/checksum.error" &
    scratch_wait "$!" || :
    [ -z "$scratch_signalled" ] || scratch_end
    [ "$scratch_status" -ne 0 ] || read -r checksum checksum_rest <"$scratch/checksum" || :
    checksum_valid "$checksum" || {
        checksum_reason=$(head -n 1 "$scratch/checksum.error")
        die 74 "cannot compute the checksum of $1" "$checksum_reason"
    }
}

# Prints the SHA-256 of file $1.
checksum_file() (
    checksum_take "$1"
    printf '%s\n' "$checksum"
)

# Prints the SHA-256 that is beside file $1; fails when there is none that is one.
checksum_kept() (
    [ -f "$1.sha256" ] && [ ! -h "$1.sha256" ] && read -r kept rest <"$1.sha256" && checksum_valid "$kept" &&
        printf '%s\n' "$kept"
) 2>/dev/null

# True when file $1 has the checksum that is beside it; there has to be one.
checksum_matches() {
    checksum_expected=$(checksum_kept "$1") || return 1
    [ -f "$1" ] && [ -r "$1" ] || return 1
    checksum_take "$1"
    [ "$checksum" = "$checksum_expected" ]
}
