# shellcheck shell=sh disable=SC2154
# A rehearsal as a person reads it, and how it ends. The rows of engine_rehearse: version, task, path,
# outcome, milliseconds, statements, error, rows changed, objects, pages, rows without a parent before and
# after, broken, slower, round trip, its details, and all of it as JSON.

# shellcheck source=json.sh
. "$here/lib/json.sh"

# Rehearses up to target $1 and prints what came of it. Ends with status 1 when an operation fails; with
# 2, where $2 is yes, when there is a problem: a round trip that does not give back what was there, a broken
# view, a slower query, more rows without a parent.
rehearsal_show() {
    [ -n "$json" ] || engine_exists || info "there is no database $engine_shown yet"
    report_progress
    engine_rehearse "$1" || engine_die
    if [ -n "$json" ]; then
        awk "$json_functions"'BEGIN { RS = "\036"; FS = "\037"; json_begin(); printf "[" }
            { printf "%s%s", (NR > 1 ? ",\n" : ""), json_mend($17) }
            END { print "]" }' "$scratch/rows"
    elif [ -z "$quiet" ]; then
        if [ -s "$scratch/rows" ]; then rehearsal_print; else info "nothing to do"; fi
    fi
    rehearsal_problems=$(rehearsal_count)
    case ${rehearsal_problems% *}-${2-}-${rehearsal_problems#* } in
    0-yes-0 | 0--*) ;;
    0-*) exit 2 ;;
    *) exit 1 ;;
    esac
}

# Prints how many operations have failed, and how many have a problem.
rehearsal_count() {
    awk 'BEGIN { RS = "\036"; FS = "\037" }
        $4 == "failed" { failed++ }
        $13 != "" || $14 != "" || $12 + 0 > $11 + 0 || $15 ~ /^(failed|rows lost|rows differ|schema differs)$/ { problems++ }
        END { print failed + 0, problems + 0 }' "$scratch/rows"
}

# Prints a line for each operation, and below it what is worth a line.
rehearsal_print() {
    awk '
        # Nothing that a terminal would obey, whatever the names are.
        function say(head, text, lines, count, i) {
            if (text == "") return
            gsub(/[\001-\010\013-\037\177]+/, " ", text)
            count = split(text, lines, "\n")
            for (i = 1; i <= count; i++) print "    " (i == 1 || head ~ /^(broken|slower)/ ? head : "  ") lines[i]
        }
        BEGIN { RS = "\036"; FS = "\037" }
        {
            took = $5 == "" ? "" : " (" $5 " ms, " $6 ($6 == 1 ? " statement)" : " statements)")
            print $4 ": " $3 took
            say("", $7)
            say("rows: ", $8)
            say("objects: ", $9)
            if ($10 != "" && $10 + 0 != 0) say("pages: ", ($10 > 0 ? "+" : "") $10)
            if ($11 + $12 > 0) say("rows without a parent: ", $12 ", before " $11)
            say("broken: ", $13)
            say("slower: ", $14)
            if ($15 != "") say("round trip: ", $15 ($16 == "" ? "" : ": " $16))
        }
    ' "$scratch/rows"
}
