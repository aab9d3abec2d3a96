# shellcheck shell=sh disable=SC2034,SC2154
# What a person reads of a run: what it does, has done, would do.

# Option progress for a run, from what the person asked for and where standard error goes.
report_progress() {
    [ -z "$quiet" ] && [ "$progress" != off ] || engine_silent=yes
    if [ -n "$json" ]; then
        MIGRATE_PROGRESS=lines
    elif [ -n "$quiet" ]; then
        MIGRATE_PROGRESS=off
    elif [ "$progress" != auto ]; then
        MIGRATE_PROGRESS=$progress
    elif [ -t 2 ]; then
        MIGRATE_PROGRESS=bar
    else
        MIGRATE_PROGRESS=lines
    fi
    export MIGRATE_PROGRESS
}

# Prints a view as JSON.
report_json() {
    engine_json "$@" || engine_die
    cat "$scratch/rows"
}

# Prints the one value in $scratch/rows.
report_value() {
    tr -d '\036' <"$scratch/rows"
}

# Says what a run has done: the version that the database is at, and in JSON each step.
report_run() {
    report_version=$(report_value)
    if [ -n "$json" ]; then
        awk -v version="$report_version" '
            BEGIN { printf "{\"version\":%s,\"operations\":[", version }
            $1 ~ /^[0-9]+\/[0-9]+$/ && ($2 == "up" || $2 == "down") {
                printf "%s{\"direction\":\"%s\",\"path\":\"%s\",\"milliseconds\":%d}",
                    (count++ ? ",\n" : ""), $2, $3, substr($4, 2)
            }
            END { print "]}" }
        ' "$scratch/progress"
    elif [ -z "$quiet" ]; then
        report_done='the database is'
        [ -s "$scratch/progress" ] || [ "$MIGRATE_PROGRESS" = off ] ||
            report_done='nothing to do: the database is'
        printf '%s at version %s\n' "$report_done" "$report_version"
    fi
}

# Lists what command $1 would do with argument $2.
report_pretend() {
    engine_rows "known_$1" "$2" || engine_die
    report_known=$(report_value)
    [ "$report_known" = 1 ] || die 66 "there is no operation or task $2" "sqlite-migrate status"
    if [ -n "$json" ]; then
        report_json "$1" "$2"
        return
    fi
    engine_rows "$1" "$2" || engine_die
    if [ -s "$scratch/rows" ]; then
        awk 'BEGIN { RS = "\036"; FS = "\037" } { print $4 " " $5 }' "$scratch/rows"
    else
        info "nothing to do"
    fi
}
