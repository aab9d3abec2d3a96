# shellcheck shell=sh
# Samples: what was measured, one number a line in a file named for what it is a sample of. Wanted is
# sample_dir, the folder of these files.

# Chooses the clock, and measures what reading it twice adds to a sample.
sample_init() {
    mkdir -p "$sample_dir"
    sample_cost=0
    case $(date +%s%N) in
    *[!0-9]*) sample_clock='sqlite3' ;;
    *) sample_clock='date' ;;
    esac
    sample_round=0
    while [ "$sample_round" -lt 20 ]; do
        sample_time nothing 1 :
        sample_round=$((sample_round + 1))
    done
    sample_cost=$(sample_least nothing)
}

# Prints the microseconds since 1970. Where date knows whole seconds only, SQLite knows milliseconds.
sample_now() (
    if [ "$sample_clock" = date ]; then
        now=$(date +%s%N)
        printf '%s\n' "$((now / 1000))"
    else
        sqlite3 -batch -init /dev/null :memory: \
            "SELECT CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) * 1000"
    fi
)

# Adds the sample $2 of $1.
sample_add() {
    printf '%s\n' "$2" >>"$sample_dir/$1"
}

# Runs a command $2 times and adds a sample of $1: the microseconds of one run.
sample_time() {
    sample_name=$1
    sample_times=$2
    shift 2
    sample_left=$sample_times
    sample_start=$(sample_now)
    while [ "$sample_left" -gt 0 ]; do
        "$@"
        sample_left=$((sample_left - 1))
    done
    sample_end=$(sample_now)
    sample_add "$sample_name" "$(((sample_end - sample_start - sample_cost) / sample_times))"
}

# Adds a sample of $1.memory: the KiB of a command's peak memory, where the system tells. The command
# hands the argument that it is given on to the shell, as the last thing that the shell does.
sample_memory() {
    sample_name=$1
    shift
    [ -r /proc/self/status ] || return 0
    # shellcheck disable=SC2016 # the shell that sqlite3 starts expands it
    "$@" '.shell grep VmHWM /proc/$PPID/status >peak'
    sample_add "$sample_name.memory" "$(tr -cd 0123456789 <peak)"
}

# Print the least and the most of the samples of $1.
sample_least() {
    sort -n -- "$sample_dir/$1" | head -n 1
}
sample_most() {
    sort -n -- "$sample_dir/$1" | tail -n 1
}
