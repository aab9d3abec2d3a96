# shellcheck shell=sh disable=SC2034,SC2154
# What a person, or a program (--json), reads of the checks.

# Prints the line of each check from number $1 on.
preflight_report_lines() {
    preflight_color=0
    if table_colored; then preflight_color=1; fi
    awk -v first="$1" -v color="$preflight_color" '
        function paint(text) {
            if (!color) return text
            return (result == "passed" ? "\033[32m" : result == "skipped" ? "\033[33m" : "\033[31m") text "\033[0m"
        }
        BEGIN { RS = "\036"; FS = "\037" }
        NR < first { next }
        {
            result = $2
            time = result == "skipped" ? "-" : sprintf("%.1f s", $3 / 1000)
            gsub(/[\001-\037\177]+/, " ", $4)
            line = sprintf("%-10s  %s  %8s  %s", $1, paint(sprintf("%-7s", $2)), time, $4)
            sub(/ +$/, "", line)
            print line
        }' "$preflight_checks"
}

# Prints what was found, check by check, what is wrong first.
preflight_report_findings() {
    awk '
        # Nothing that a terminal would obey, whatever the names are.
        function indent(text, by) {
            gsub(/[\001-\010\013-\037\177]+/, " ", text)
            gsub(/\n/, "\n" by "  ", text)
            return by text
        }
        BEGIN { RS = "\036"; FS = "\037" }
        {
            if (!($1 in lines)) order[++number] = $1
            line = "\n" indent($2 ": " $3, "  ") ($4 == "" ? "" : "\n" indent("hint: " $4, "    "))
            lines[$1] = lines[$1]
            part[$1, $2] = part[$1, $2] line
        }
        END {
            for (i = 1; i <= number; i++)
                print "\n" order[i] part[order[i], "error"] part[order[i], "warning"] part[order[i], "note"]
        }' "$preflight_findings"
}

# Sets preflight_verdict to what came of the run, and preflight_named to a sentence that says it.
preflight_report_verdict() {
    awk 'BEGIN { RS = "\036"; FS = "\037" }
        { list[$2] = list[$2] (list[$2] == "" ? "" : ", ") $1; count[$2]++ }
        END {
            print list["failed"] != "" ? "failed" : list["problem"] != "" ? "problem" : "passed"
            if (list["failed"] != "") text = "could not be carried out: " list["failed"]
            if (list["problem"] != "") text = text (text == "" ? "" : "; ") "problems found by: " list["problem"]
            if (text == "") text = "checks passed: " count["passed"] + 0
            if (list["skipped"] != "") text = text "; skipped: " list["skipped"]
            print text
        }' "$preflight_checks" >"$scratch/preflight/verdict" || preflight_full
    { read -r preflight_verdict && IFS= read -r preflight_named; } <"$scratch/preflight/verdict" ||
        die 74 "cannot write into the temporary folder"
}

# Prints all of it as JSON.
preflight_report_json() {
    PREFLIGHT_DATABASE=$engine_shown awk -v verdict="$preflight_verdict" "$json_functions"'
        BEGIN { RS = "\036"; FS = "\037"; json_begin() }
        FILENAME == ARGV[1] {
            found[$1] = found[$1] (found[$1] == "" ? "" : ",") "\n    {\"severity\":" json_quote($2) ",\"message\":" json_quote($3) \
                ",\"hint\":" ($4 == "" ? "null" : json_quote($4)) "}"
            next
        }
        {
            checks = checks (checks == "" ? "" : ",") "\n  {\"name\":" json_quote($1) ",\"result\":" json_quote($2) \
                ",\"milliseconds\":" $3 ",\"summary\":" json_quote($4) ",\"findings\":[" found[$1] "]}"
        }
        END { print "{\"database\":" json_quote(ENVIRON["PREFLIGHT_DATABASE"]) ",\"result\":" json_quote(verdict) ",\"checks\":[" checks "]}" }
    ' "$preflight_findings" "$preflight_checks"
}
