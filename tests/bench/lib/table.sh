# shellcheck shell=sh
# The table of results. table_status is 1 as soon as a limit was exceeded.
table_status=0

table_head() {
    printf '%-56s %11s %11s %7s %7s  %s\n' measure ours 'bare shell' ratio limit verdict
}

# Prints a row: a ratio of times (microseconds), or a difference of amounts of memory (KiB, the limit
# in MiB). Without a limit, $4 is empty.
table_row() {
    awk -v label="$1" -v ours="$2" -v bare="$3" -v limit="$4" -v unit="$5" '
        BEGIN {
            is_time = unit == "ms"
            scale = is_time ? 1000 : 1024
            value = is_time ? ours / bare : (ours - bare) / scale
            shape = is_time ? "%.2f" : "%+.2f"
            verdict = limit == "" ? "-" : value <= limit ? "ok" : "EXCEEDED"
            printf "%-56s %11s %11s %7s %7s  %s\n", label, sprintf("%.2f %s", ours / scale, unit),
                sprintf("%.2f %s", bare / scale, unit), sprintf(shape, value),
                limit == "" ? "-" : sprintf(shape, limit), verdict
            exit verdict == "EXCEEDED"
        }' || table_status=1
}

# Prints a row for the times of ours, $2, and the shell's, $3: ours may be $4 times the shell's.
table_time() {
    table_row "$1" "$(sample_least "$2")" "$(sample_least "$3")" "$4" ms
}

# Prints a row for the peak memory of ours, $2, and the shell's, $3: ours may be $4 MiB more.
table_memory() {
    [ -f "$sample_dir/$2.memory" ] || return 0
    table_row "$1" "$(sample_most "$2.memory")" "$(sample_least "$3.memory")" "$4" MiB
}
