# shellcheck shell=sh disable=SC2034 # the benchmarks read what is set here
# How every benchmark begins: its usage, a folder of its own, the clock, and no options but the default ones.

. tests/bench/lib/sample.sh
. tests/bench/lib/table.sh
. tests/bench/lib/workload.sh

# Takes the arguments LIBRARY [ROUNDS] behind the name of the benchmark and its usual ROUNDS. Sets library and rounds,
# and goes into a folder below $MIGRATE_BENCH that is removed at the end.
bench_start() { # <name> <rounds> <argument>...
    case ${3-} in
    -h | --help)
        sed -n '2,/^set /{ /^set /d; s/^# \{0,1\}//; p; }' "tests/bench/$1.sh"
        exit 0
        ;;
    '')
        printf 'usage: sh tests/bench/%s.sh LIBRARY [ROUNDS]\n' "$1" >&2
        exit 64
        ;;
    /*) library=$3 ;;
    *) library=$PWD/$3 ;;
    esac
    LC_ALL=C
    export LC_ALL
    unset CDPATH MAKEFLAGS MFLAGS MAKELEVEL
    rounds=${4-$2}
    : "${MIGRATE_BENCH:=build/bench}"
    # shellcheck disable=SC2046 # names of variables hold no blanks
    unset MIGRATIONS_DIR $(env | sed -n 's/^\(MIGRATE_[A-Z_]*\)=.*/\1/p' | grep -v -x MIGRATE_BENCH)

    mkdir -p "$MIGRATE_BENCH"
    work=$(cd -- "$MIGRATE_BENCH" && mktemp -d "$PWD/$1.XXXXXX")
    trap 'cd / && rm -rf -- "$work"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    sample_dir=$work/samples
}
