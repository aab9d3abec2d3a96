# shellcheck shell=sh disable=SC2034,SC2154
# The rehearsal: what is pending, applied to a copy of the database that goes again. Of SQLite the engine makes
# the copy; on a server the copy is a scratch database there, made from a dump of this moment.

tryout_check() {
    if [ -n "$live_broken" ]; then
        preflight_skip "no run starts before what verify has found is mended"
    elif ! engine_exists; then
        preflight_skip "there is no database $engine_shown"
    elif ! engine_rows empty; then
        preflight_blame
    elif tryout_empty=$(report_value) && [ "$tryout_empty" = 1 ]; then
        preflight_skip "there is nothing in $engine_shown yet"
    elif ! engine_rows pending; then
        preflight_blame
    elif [ ! -s "$scratch/rows" ]; then
        preflight_skip "nothing is pending"
    elif [ "$connection_engine" = sqlite ]; then
        tryout_here
    else
        tryout_there
    fi
}

# On SQLite, the engine says of each operation what came of it. A schema that does not come back is an error.
# Rows that do not are a warning: whether they may go is what lint asks, and a file allows.
tryout_here() {
    engine_rehearse '' || {
        preflight_blame
        return
    }
    awk -v check="$preflight_now" '
        function each(severity, word, text,    lines, count, i) {
            count = split(text, lines, "\n")
            for (i = 1; i <= count; i++) print check, severity, $3 ": " word lines[i], ""
        }
        BEGIN { RS = ORS = "\036"; FS = OFS = "\037" }
        $4 == "failed" {
            at = index($7, "\nhint: ")
            hint = at ? substr($7, at + 7) : ""
            if (hint ~ /^(nothing of this operation was kept|it ran outside a transaction)/) hint = "mend the file; this was on a copy"
            print check, "error", (at ? substr($7, 1, at - 1) : $7), hint
        }
        { each("error", "breaks ", $13); each("warning", "slower: ", $14) }
        $12 > $11 + 0 { print check, "error", $3 ": rows without a parent: " $12 ", before " $11 + 0, "" }
        $15 != "" && $15 != "ok" {
            print check, ($15 ~ /^(failed|schema differs)$/ ? "error" : "warning"), $3 ": down and up again: " ($16 == "" ? $15 : $16), ""
        }
    ' "$scratch/rows" >"$scratch/preflight/live" || die 74 "cannot write into the temporary folder"
    tryout_done=$(awk 'BEGIN { RS = "\036"; FS = "\037" }
        { all++; time += $5; statements += $6 } $4 == "completed" { done++ }
        END { printf "operations: %d%s, statements: %d, in %d ms", done, (done < all ? " of " all : ""), statements, time }' "$scratch/rows")
    live_take
    preflight_summary=$tryout_done
}

# On a server: the whole way there, and back, and there.
tryout_there() {
    trip_where=
    engine_rows current || {
        preflight_blame
        return
    }
    tryout_version=$(report_value)
    if [ -z "$snapshot" ]; then
        tryout_file=$scratch/preflight/copy.$(format_suffix "$connection_engine")
        if ! engine_source || ! engine_snapshot "$tryout_file" '' || ! engine_trial_begin "$tryout_file"; then
            preflight_blame "cannot copy $engine_shown: "
            return
        fi
        rm -f -- "$tryout_file"
    fi
    tryout_trip
    [ -n "$snapshot" ] || engine_trial_end
    mirror_forget
}

tryout_trip() {
    trip_call engine_rows current || {
        preflight_blame
        return
    }
    tryout_copied=$(report_value)
    [ "$tryout_copied" = "$tryout_version" ] || {
        preflight_result=failed
        preflight_find error "the copy is not at version $tryout_version: the tracking table of $engine_shown is kept elsewhere" \
            "--skip rehearsal goes on without it"
        return
    }
    if trip_up; then
        preflight_summary="operations: $trip_count"
        if [ "$trip_above" -eq 0 ]; then
            preflight_find warning "$trip_floor_name has no down file: what is pending cannot be rolled back"
        elif trip_down_and_up; then
            preflight_summary=$(trip_depth)
        fi
    fi
}
