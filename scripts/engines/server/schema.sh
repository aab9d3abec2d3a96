# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# The schema of a server's database as SQL that loads again: the functions that sqlite/schema.sh lists,
# for the engines of servers. The fingerprint is the SHA-256 of the text that makes all objects; the rows
# of the tracking table come behind it, and none of the log. No owner, no privilege, no password, no
# version of a program and no time of day is in it.
#
# What is of an engine is in its own part `schema`:
#
#   schema_text FILE    writes the text that makes all objects, the same for the same schema
#   schema_objects      prints the query for the kinds and names of all objects
#   schema_tracking     sets schema_table, the tracking table as a statement of the dump names it
#   schema_begin        prints what a dump begins with: it stops in a database that is not empty
#   schema_end          prints what it ends with; $1 is the highest id of the tracking table
#   schema_literal      prints the expression for column $1 of the mirror as a literal of the server
#
# Nothing is locked. The text is of one moment, as far as the server has that; when an operation was
# recorded meanwhile, there is no dump.

. "$here/engines/server/mirror.sh"

engine_dump_lost=
engine_dump_changed='the server writes a definition in another way when it reads what it has written'

schema_lines='.separator "" "\n"'

schema_full() {
    engine_status=74
    engine_message='cannot write into the temporary folder
hint: check TMPDIR and the free space'
    return 1
}

# Reads what the operations say from the mirror: the facts, and the first finding.
schema_look() {
    mirror_load || return 1
    schema_found=$(quote_dot "$scratch/problem")
    extension_call "$scratch/mirror" "$schema_lines" \
        "SELECT coalesce(max(version), 0) FROM migrations_applied WHERE status = 'completed'" \
        "SELECT json_quote(migrate_config('table'))" \
        "SELECT version FROM migrations_applied WHERE checksum <> migrate_checksum(code, rollback_code) LIMIT 1" \
        ".output $schema_found" \
        "SELECT severity || ' ' || message || char(10) || 'hint: ' || hint FROM migrations_problems
            WHERE severity = 'error' AND problem <> 'bad file' ORDER BY severity LIMIT 1" || return 1
    { IFS= read -r dump_version && IFS= read -r dump_table; } <"$scratch/rows" || schema_full || return 1
    dump_wrong=$(sed -n 3p "$scratch/rows")
    dump_problem=$(cat -- "$scratch/problem")
}

# Writes the text into $scratch/text and takes its fingerprint.
schema_take() {
    schema_text "$scratch/text" || return 1
    checksum_take "$scratch/text"
    dump_fingerprint=$checksum
}

# Writes the statements that put the rows into the tracking table into file $1, and sets schema_last, the
# highest id.
schema_rows() {
    schema_last=
    : >"$1"
    [ "$mirror_state" != none ] || return 0
    schema_tracking || return 1
    schema_into=$(quote_sql "INSERT INTO $schema_table (id, version, task_name, description, migration_date, type,
    file_path, checksum, status, started_at, completed_at, code, rollback_code) VALUES (")
    schema_values=
    for schema_column in $mirror_tracking; do
        case $schema_column in
        *:number) schema_value="    '    ' || ${schema_column%:*}" ;;
        *) schema_value="    '    ' || $(schema_literal "${schema_column%:*}")" ;;
        esac
        schema_values="$schema_values${schema_values:+ || ',' || char(10) ||
}$schema_value"
    done
    schema_quoted=$(quote_dot "$1")
    extension_call "$scratch/mirror" "$schema_lines" "SELECT max(id) FROM \"$mirror_name\"" ".output $schema_quoted" \
        "SELECT $schema_into || char(10) || $schema_values || ');' FROM \"$mirror_name\" ORDER BY version" || return 1
    schema_last=$(cat -- "$scratch/rows")
}

engine_dump() {
    schema_look && schema_take || return 1
    schema_state=$mirror_state
    engine_dump_objects && mv -- "$scratch/rows" "$scratch/objects" && schema_rows "$scratch/rows.sql" || return 1
    mv -- "$scratch/rows.sql" "$scratch/insert.sql" && mirror_load || return 1
    if [ "$mirror_state" != "$schema_state" ]; then
        engine_status=75
        engine_message="$engine_shown is being migrated
hint: try again when the run is done"
        return 1
    fi
    { schema_begin && cat -- "$scratch/text" && printf '\n' && cat -- "$scratch/insert.sql" && schema_end "$schema_last"; } 2>/dev/null >"$1" || schema_full
}

engine_dump_facts() {
    schema_look && schema_take
}

engine_dump_finding() {
    mirror_load && extension_call "$scratch/mirror" "$schema_lines" \
        "SELECT message || char(10) || 'hint: ' || hint FROM migrations_problems WHERE version BETWEEN 1 AND $1 LIMIT 1"
}

engine_dump_objects() {
    schema_sql=$(schema_objects)
    server_ask "$schema_sql ORDER BY 1" || return 1
    tr '\n\036' '?\n' <"$scratch/rows" >"$scratch/list" || schema_full || return 1
    mv -- "$scratch/list" "$scratch/rows"
}
