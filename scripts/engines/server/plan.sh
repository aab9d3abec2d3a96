# shellcheck shell=sh disable=SC2034,SC2154
# What a run is going to send to the server, as the extension plans it on the mirror.
#
#   plan_make REQUEST TARGET   sets plan_count, the number of steps, which are in the table `step` of the
#                              database $scratch/plan; plan_next, the first one that is a program, or 0;
#                              plan_alone, 1 when one of them runs outside a transaction
#   plan_write FIRST LAST      writes these steps into $scratch/steps.sql, and $scratch/index: a line for
#                              each with its number, version, direction, lines of steps.sql where head, code
#                              and tail begin, whether it is alone, and its path
#   plan_program NUMBER        runs the program of a step, whose code is in the database then
#   plan_settle SQL            runs a function on the mirror, and writes what it has changed into
#                              $scratch/steps.sql; its answer is plan_answer

plan_make() {
    rm -f -- "$scratch/plan" "$scratch/plan-journal"
    plan_target=$(quote_sql_or_null "$2")
    plan_file=$(quote_sql "$scratch/plan")
    extension_call "$scratch/mirror" "ATTACH $plan_file AS plan" 'PRAGMA plan.synchronous = OFF' \
        "CREATE TABLE plan.step AS SELECT position, version, direction, type, file_path, is_alone, head, code, tail, failure
            FROM migrations_steps('$1', $plan_target)" \
        "SELECT count(*), coalesce(min(CASE type WHEN 'program' THEN position END), 0), coalesce(max(is_alone), 0) FROM plan.step" || return 1
    tr '\036' '\n' <"$scratch/rows" >"$scratch/count"
    IFS=$server_field read -r plan_count plan_next plan_alone <"$scratch/count"
    [ "$mirror_state" != none ] || plan_tables
}

# The statements that make the two tables, for a run in a database without them.
plan_tables() {
    plan_made=$(quote_dot "$scratch/server_tables.sql")
    extension_call :memory: '.mode list' ".output $plan_made" 'SELECT migrate_tracking_sql()'
}

# The steps follow what begins the session, in one file, so that its lines are those of the index.
plan_write() {
    { session_begin "$mirror_state" && plan_output "$1"; } >"$scratch/steps.sql" || die 74 "cannot write into the temporary folder"
    plan_lines=$(wc -l <"$scratch/steps.sql")
    plan_quoted=$(quote_dot "$scratch/steps.text")
    plan_index=$(quote_dot "$scratch/index")
    plan_heads=$(plan_count_lines head)
    plan_codes=$(plan_count_lines "coalesce(code, '')")
    plan_tails=$(plan_count_lines tail)
    extension_call "$scratch/plan" '.mode list' ".output $plan_quoted" '.separator "" ""' \
        "SELECT head || coalesce(code, '') || tail FROM step WHERE position BETWEEN $1 AND $2 ORDER BY position" \
        ".output $plan_index" '.separator " " "\n"' \
        "SELECT position, version, direction, first + 1, first + heads + 1, first + heads + codes + 1, is_alone, file_path FROM (SELECT *,
            $plan_lines + coalesce(sum(heads + codes + tails) OVER (ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS first
            FROM (SELECT *, $plan_heads AS heads, $plan_codes AS codes, $plan_tails AS tails
                FROM step WHERE position BETWEEN $1 AND $2)) ORDER BY position" || return 1
    { cat -- "$scratch/steps.text" && session_end; } >>"$scratch/steps.sql" || die 74 "cannot write into the temporary folder"
}

# Prints what makes known to the tail of step $1 what its program said.
plan_output() {
    [ "$1" = "$plan_next" ] || return 0
    plan_log=$(plan_utf8 "$scratch/program.log" && printf .) || return 1
    session_set output "${plan_log%.}"
}

# Prints what a program said, with a question mark in the place of each byte that is no UTF-8: a server takes
# none of those.
plan_utf8() {
    LC_ALL=C awk '
        function tail(i) { return byte[substr($0, i, 1)] }
        BEGIN { for (i = 128; i < 256; i++) byte[sprintf("%c", i)] = i }
        NR > 1 { printf "\n" }
        {
            for (i = 1; i <= length($0); i += more + 1) {
                first = tail(i)
                more = first < 194 ? 0 : first < 224 ? 1 : first < 240 ? 2 : first < 245 ? 3 : 0
                wrong = first >= 128 && !more
                for (j = 1; j <= more; j++)
                    if (tail(i + j) < 128 || tail(i + j) > 191) wrong = 1
                second = tail(i + 1)
                if (first == 224 && second < 160 || first == 237 && second > 159 || first == 240 && second < 144 || first == 244 && second > 143)
                    wrong = 1
                if (wrong) more = 0
                printf "%s", wrong ? "?" : substr($0, i, more + 1)
            }
        }' "$1"
}

plan_count_lines() {
    printf "(length(%s) - length(replace(%s, char(10), '')))" "$1" "$1"
}

plan_program() {
    plan_json=$(quote_dot "$scratch/program.json")
    plan_log=$(quote_dot "$scratch/program.log")
    plan_said=$(quote_sql "$scratch/program.json")
    extension_call "$scratch/plan" "SELECT format('SELECT migrate_program(%d, %Q)', version, direction) FROM step WHERE position = $1" || return 1
    plan_call=$(tr -d '\036' <"$scratch/rows")
    extension_run "$scratch/mirror" '.mode list' ".output $plan_json" "$plan_call" || return 1
    extension_call "$scratch/plan" "UPDATE step SET code = readfile($plan_said) ->> 'code' WHERE position = $1" \
        '.mode list' '.separator "" ""' ".output $plan_log" "SELECT readfile($plan_said) ->> 'log'"
}

# Sets plan_next to the first step from $1 on that is a program, or 0.
plan_find_program() {
    extension_call "$scratch/plan" "SELECT coalesce(min(position), 0) FROM step WHERE type = 'program' AND position >= $1" || return 1
    plan_next=$(tr -d '\036' <"$scratch/rows")
}

# The rows that the function changed or added go to the server as they are, but what a server's log says of
# its version and of the schema is the server's to say.
plan_settle() {
    plan_quoted=$(quote_dot "$scratch/steps.text")
    if [ "$mirror_state" = none ]; then
        plan_tables || return 1
        plan_made=$(quote_dot "$scratch/tables.sql")
        extension_call "$scratch/mirror" "SELECT migrate_config('dialect', 'sqlite')" '.mode list' ".output $plan_made" \
            'SELECT migrate_tracking_sql()' .output ".read $plan_made" || return 1
    fi
    plan_rows=$(plan_write_back "$mirror_name" tracking_before "$mirror_table" "$mirror_tracking")
    plan_log_rows=$(plan_write_back "$mirror_log_name" log_before "$mirror_log_table" "$mirror_log")
    extension_call "$scratch/mirror" "CREATE TEMP TABLE tracking_before AS SELECT * FROM main.\"$mirror_name\"" \
        "CREATE TEMP TABLE log_before AS SELECT * FROM main.\"$mirror_log_name\"" "$1" \
        '.mode list' ".output $plan_quoted" \
        "$plan_rows" "$plan_log_rows" || return 1
    plan_answer=$(tr -d '\036' <"$scratch/rows")
    plan_count=0
    : >"$scratch/index"
    { session_begin "$mirror_state" && printf 'START TRANSACTION;\n' && cat -- "$scratch/steps.text" && printf 'COMMIT;\n' &&
        session_end; } >"$scratch/steps.sql" || die 74 "cannot write into the temporary folder"
}

# Prints the query for the statements that give the server's table $3 the rows of the mirror's table $1
# (columns $4) which are not in $2. A row of the tracking table replaces the one of its version.
plan_write_back() (
    names=
    values=
    for column in $4; do
        name=${column%:*}
        case $column in
        id:*) continue ;;
        sqlite_version:*) value=$(quote_sql "$session_server") ;;
        fingerprint:*) value="'NULL'" ;;
        rows_changed:*) value="'NULL'" ;;
        *:number) value="coalesce($name, 'NULL')" ;;
        *) value="CASE WHEN $name IS NULL THEN 'NULL' ELSE $(session_literal_query "$name") END" ;;
        esac
        names=$names${names:+,}$name
        values="$values${values:+ || ',' || }$value"
    done
    into=$(quote_sql "INSERT INTO $3($names) VALUES(")
    delete="''"
    case $2 in
    tracking*) delete="$(quote_sql "DELETE FROM $3 WHERE version=") || version || ';' || char(10)" ;;
    *) ;;
    esac
    printf '%s' "SELECT $delete || $into || $values || ');' FROM (SELECT * FROM main.\"$1\" EXCEPT SELECT * FROM temp.$2) ORDER BY id"
)
