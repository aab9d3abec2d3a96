# shellcheck shell=sh disable=SC2154
# What is known of the statements of a plan, in the file $scratch/plan.json: the rows of the view `plan`.

# Reads the plan up to target $1.
finding_read() {
    engine_json plan "$1" || engine_die
    mv -f -- "$scratch/rows" "$scratch/plan.json" || die 74 "cannot write into the temporary folder"
}

# Runs a query of the table `plan`, which has the rows as JSON (key, row), in mode $1 of the shell; $2 is what
# stands behind the WITH and its first table.
finding_query() {
    finding_file=$(quote_sql "$scratch/plan.json")
    sql_run "$1" :memory: "WITH plan AS (SELECT key, value AS row FROM json_each(readfile($finding_file))) $2"
}

# Prints the number of errors that are not approved.
finding_errors() {
    finding_query -list "SELECT count(*) FROM plan WHERE row ->> 'severity' = 'error' AND row ->> 'approved' = 0"
}

# Prints the plan for a person, and how much was found.
finding_print() {
    finding_query -ascii "SELECT row ->> 'path', row ->> 'line', row ->> 'statement', row ->> 'kind', row ->> 'object',
        row ->> 'rule', row ->> 'severity', row ->> 'why', row ->> 'advice', row ->> 'approved', row ->> 'reason'
        FROM plan" >"$scratch/found" || die 74 "cannot write into the temporary folder"
    sql_has_room || die 74 "cannot write into the temporary folder" "check TMPDIR and the free space"
    [ -s "$scratch/found" ] || {
        info "nothing to do"
        return
    }
    finding_color=0
    if table_colored; then finding_color=1; fi
    awk -v color="$finding_color" "$finding_table" "$scratch/found"
    awk "$finding_sum" "$scratch/found" >&2
}

# shellcheck disable=SC2016 # for awk
finding_table='
    function paint(text, code) {
        return color ? "\033[" code "m" text "\033[0m" : text
    }
    # Text on one line, without what a terminal would obey.
    function plain(text) {
        gsub(/[[:cntrl:]]+/, " ", text)
        return text
    }
    BEGIN { RS = "\036"; FS = "\037" }
    $1 != path {
        path = $1
        statement = "none"
        print paint(path, 1)
    }
    $3 != statement {
        statement = $3
        object = $5
        printf "%6s  %s%s\n", ($2 > 0 ? $2 : "-"), ($4 == "" ? "all of it" : plain($4)), (object == "" ? "" : " " plain(object))
    }
    $6 != "" {
        title = $7 " " $6
        if ($10 == 1) title = paint("approved: " title, 32)
        else if ($7 == "error") title = paint(title, 31)
        else if ($7 == "warn") title = paint(title, 33)
        if ($5 != "" && $5 != object) title = title " " plain($5)
        printf "        %s: %s\n", title, plain($8)
        if ($10 == 1 && $11 != "") printf "        reason: %s\n", plain($11)
        if ($10 != 1 && $9 != "") printf "        instead: %s\n", plain($9)
    }
'

# shellcheck disable=SC2016 # for awk
finding_sum='
    BEGIN { RS = "\036"; FS = "\037" }
    $3 > 0 && !seen[$1, $3]++ { statements++ }
    $6 != "" && $10 == 1 { approved++ }
    $6 != "" && $10 != 1 { found[$7]++ }
    END {
        printf "statements: %d; errors: %d, warnings: %d, notes: %d", statements, found["error"], found["warn"], found["note"]
        if (approved) printf "; approved: %d", approved
        printf "\n"
    }
'
