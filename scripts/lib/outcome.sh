# shellcheck shell=sh
# The exit status for what went wrong. ext/outcome.def has the same numbers.

# Prints the exit status for SQLite's result code $1, extended or not.
outcome_status() (
    case $(($1 % 256)) in
    0) printf 0 ;;
    5 | 6) printf 75 ;;
    3 | 8 | 23) printf 77 ;;
    7) printf 71 ;;
    9) printf 130 ;;
    10 | 13) printf 74 ;;
    11 | 20 | 26) printf 65 ;;
    12) printf 66 ;;
    14) printf 73 ;;
    21) printf 64 ;;
    25) printf 78 ;;
    *) printf 1 ;;
    esac
)
