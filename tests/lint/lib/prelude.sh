# shellcheck shell=sh
# For every linter: it looks at the working directory, which is the top of a source tree, prints
# each finding as FILE:LINE: WHAT, and ends with 0 (clean), 1 (findings) or 69 (its tool is missing;
# a linter that cannot look has not passed).
set -eu
LC_ALL=C
export LC_ALL
unset CDPATH MAKEFLAGS MFLAGS MAKELEVEL

# Processes that a linter may run at a time.
lint_jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || lint_jobs=1

lint_need() {
    for tool; do
        command -v "$tool" >/dev/null || {
            printf '%s is not installed\nhint: sh scripts/setup.sh test installs it\n' "$tool"
            exit 69
        }
    done
}

# Runs a command on all files of the tree that people write, in as few calls as it takes. Left out
# is what is odd on purpose: fixtures and fuzzing inputs.
lint_all_files() {
    find . \( -name .git -o -path ./build -o -path ./storage -o -path ./tests/fixtures -o \
        -path ./tests/fuzz/corpus \) -prune -o -type f -exec "$@" {} +
}

# The same for POSIX shell: what ends in .sh, and the programs in scripts/, which have no ending.
lint_shell_files() {
    find . \( -name .git -o -path ./build -o -path ./tests/fixtures \) -prune -o \
        -type f \( -name '*.sh' -o -path './scripts/*' ! -name '*.*' \) -exec "$@" {} +
}

# Runs a command on each C file below the folders in front of `--`, several at a time.
# Usage: lint_each_c_file FOLDER... -- COMMAND...
lint_each_c_file() {
    lint_folders=
    while [ "$1" != -- ]; do
        [ ! -d "$1" ] || lint_folders="$lint_folders $1"
        shift
    done
    shift
    # Names of our folders hold no blanks.
    # shellcheck disable=SC2086
    find $lint_folders -name '*.c' -exec printf '%s\0' {} + | xargs -0 -n 1 -P "$lint_jobs" "$@" || exit 1
}

# Prints a C file with its comments blanked out; line numbers and strings stay.
lint_code() {
    awk -f tests/lint/lib/uncomment.awk "$1"
}

# Sets lint_flags to the compiler flags of the build, which are words without blanks.
lint_read_flags() {
    lint_need make
    # shellcheck disable=SC2034 # for the linter
    lint_flags=$(make -s flags) || exit 1
}
