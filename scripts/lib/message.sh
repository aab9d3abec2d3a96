# shellcheck shell=sh
# Messages for a person. All of them go to standard error; standard output carries results only.
# The program sets `program` to its name.

info() {
    printf '%s\n' "$1" >&2
}

warn() {
    printf '%s: warning: %s\n' "${program:-}" "$1" >&2
}

# Says why ($2) and what to do about it ($3, optional), and ends with status $1.
die() {
    printf '%s: %s\n' "${program:-}" "$2" >&2
    [ -z "${3-}" ] || printf 'hint: %s\n' "$3" >&2
    exit "$1"
}
