# shellcheck shell=sh disable=SC2034,SC2154
# The checks of the database as it is: what verify finds, and what lint finds in the operations that are pending.
# Nothing is written.

live_broken= # what verify has met keeps every run from starting

verify_check() {
    live_broken=yes
    if ! engine_rows problems; then
        preflight_blame
        return
    fi
    awk -v check="$preflight_now" '
        BEGIN { RS = ORS = "\036"; FS = OFS = "\037" }
        { print check, ($1 == "warn" ? "warning" : $1), $4, $5 }
    ' "$scratch/rows" >"$scratch/preflight/live" || die 74 "cannot write into the temporary folder"
    live_take
    if [ "$preflight_result" = passed ]; then
        engine_verify || preflight_blame
    fi
    [ "$preflight_result" != passed ] || live_broken=
}

# Adds the findings in $scratch/preflight/live, and says in the summary how many there are.
live_take() {
    cat -- "$scratch/preflight/live" >>"$preflight_findings" || die 74 "cannot write into the temporary folder"
    awk 'BEGIN { RS = "\036"; FS = "\037" } { count[$2]++ }
        END { print count["error"] + 0, count["warning"] + 0 }' "$scratch/preflight/live" >"$scratch/preflight/counts"
    read -r live_errors live_warnings <"$scratch/preflight/counts"
    [ "$live_errors" -eq 0 ] || preflight_result=problem
    preflight_summary="errors: $live_errors, warnings: $live_warnings"
}

# What is approved is a note, which says why. What is only worth a note is counted here, and shown by
# sqlite-migrate plan.
lint_check() {
    if [ -n "$live_broken" ]; then
        preflight_skip "no run starts before what verify has found is mended"
        return
    fi
    if ! engine_json plan ''; then
        preflight_blame
        return
    fi
    mv -f -- "$scratch/rows" "$scratch/plan.json" || die 74 "cannot write into the temporary folder"
    squawk_add
    finding_query -ascii "SELECT row ->> 'path', row ->> 'line', row ->> 'object', row ->> 'rule', row ->> 'severity',
        row ->> 'why', row ->> 'advice', row ->> 'approved', row ->> 'reason' FROM plan WHERE row ->> 'rule' IS NOT NULL" \
        >"$scratch/found" || die 74 "cannot write into the temporary folder"
    sql_has_room || preflight_full
    awk -v check="$preflight_now" '
        BEGIN { RS = ORS = "\036"; FS = OFS = "\037" }
        {
            text = $1 ($2 > 0 ? ":" $2 : "") ": " $4 ($3 == "" ? "" : " " $3) ": " $6
            if ($8 == 1) print check, "note", "allowed: " text ($9 == "" ? "" : " (" $9 ")"), ""
            else if ($5 != "note") print check, ($5 == "warn" ? "warning" : $5), text, $7
        }
    ' "$scratch/found" >"$scratch/preflight/live" || die 74 "cannot write into the temporary folder"
    live_take
    live_counts=$(awk 'BEGIN { RS = "\036"; FS = "\037" } $8 == 1 { allowed++ } $8 != 1 && $5 == "note" { notes++ }
        END { if (notes) printf ", notes: %d", notes; if (allowed) printf ", allowed: %d", allowed }' "$scratch/found")
    preflight_summary=$preflight_summary$live_counts
}
