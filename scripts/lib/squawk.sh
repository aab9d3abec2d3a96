# shellcheck shell=sh disable=SC2154
# What squawk, a linter for PostgreSQL, says of pending files, where it is installed: rows among those of
# $scratch/plan.json, with rules that begin with `squawk/`. They warn, and stop nothing.
# Source: https://squawkhq.com/docs/cli

squawk_add() {
    if [ "$connection_engine" != postgresql ] || ! command -v squawk >/dev/null; then
        return
    fi
    finding_query -list "SELECT DISTINCT row ->> 'path' FROM plan
        WHERE row ->> 'direction' = 'up' AND row ->> 'path' GLOB '*.sql'" >"$scratch/squawk.files" ||
        die 74 "cannot write into the temporary folder"
    if squawk_sort && squawk_look inside --assume-in-transaction && squawk_look alone; then
        return
    fi
    squawk_said=$(head -n 1 "$scratch/squawk.error")
    warn "squawk could not look at the files${squawk_said:+: $squawk_said}"
}

# Runs a command with the names of files on standard input, which are letters and digits, in their folder.
squawk_in_folder() {
    (cd -- "${MIGRATIONS_DIR:-migrations}" && xargs "$@")
}

# Sorts the files: $scratch/squawk.inside runs in a transaction, $scratch/squawk.alone does not.
squawk_sort() {
    squawk_in_folder grep -Eli '^[[:blank:]]*--[[:blank:]]*migrate:[[:blank:]]*no-transaction' /dev/null \
        <"$scratch/squawk.files" >"$scratch/squawk.alone" 2>"$scratch/squawk.error" || :
    awk 'FILENAME == ARGV[1] { alone[$0]; next } !($0 in alone)' "$scratch/squawk.alone" "$scratch/squawk.files" >"$scratch/squawk.inside"
}

# Has squawk look at the files in $scratch/squawk.$1, with the options $2.... Its status says whether it has
# found something, and what it prints whether it could look: a line of JSON each time that it is called.
squawk_look() {
    squawk_list=$scratch/squawk.$1
    shift
    [ -s "$squawk_list" ] || return 0
    squawk_in_folder squawk --reporter json "$@" <"$squawk_list" >"$scratch/squawk.said" 2>"$scratch/squawk.error" || :
    awk 'BEGIN { printf "[" } { printf "%s%s", (NR > 1 ? "," : ""), $0 } END { print (NR ? "]" : "") }' \
        "$scratch/squawk.said" >"$scratch/squawk.json"
    squawk_merge
}

# Puts what squawk has found behind the rows of the same statement. Its lines count from 0, and its paths end
# with ours, which are a date and a name.
squawk_merge() {
    squawk_json=$(quote_sql "$scratch/squawk.json")
    squawk_plan=$(quote_sql "$scratch/plan.json")
    sql_run -list :memory: "CREATE TABLE plan AS SELECT key AS place, value ->> 'path' AS path, value ->> 'line' AS line,
            value ->> 'statement' AS statement, value AS row FROM json_each(readfile($squawk_plan));
        CREATE INDEX plan_path ON plan (path, statement, line);
        CREATE TABLE said AS SELECT row_number() OVER () AS place, s.value ->> 'file' AS file, (s.value ->> 'line') + 1 AS line,
            'squawk/' || (s.value ->> 'rule_name') AS rule, s.value ->> 'message' AS why, s.value ->> 'help' AS advice
            FROM json_each(readfile($squawk_json)) AS c, json_each(c.value) AS s;
        WITH named AS (
            SELECT *, substr(file, -11 - length(replace(file, rtrim(file, replace(file, '/', '')), ''))) AS path FROM said
        ), found AS (
            SELECT *, (SELECT max(statement) FROM plan WHERE plan.path = named.path
                AND (plan.line <= named.line OR statement = 1)) AS statement FROM named
        ), merged AS (
            SELECT path, statement, 0 AS is_said, place, row FROM plan
            UNION ALL SELECT path, statement, 1, place, (SELECT json_set(row, '\$.line', found.line, '\$.rule', found.rule,
                '\$.severity', 'warn', '\$.why', found.why, '\$.advice', found.advice, '\$.approved', 0, '\$.reason', NULL)
                FROM plan WHERE plan.path = found.path AND plan.statement = found.statement LIMIT 1)
            FROM found WHERE statement IS NOT NULL
        ), places AS (SELECT path, min(place) AS first FROM plan GROUP BY path
        ), ordered AS (
            SELECT row FROM merged JOIN places USING (path) ORDER BY first, statement IS NULL, statement, is_said, place
        ) SELECT '[' || group_concat(row, ',' || char(10)) || ']' FROM ordered" >"$scratch/squawk.plan" 2>>"$scratch/squawk.error" ||
        return 1
    mv -f -- "$scratch/squawk.plan" "$scratch/plan.json"
}
