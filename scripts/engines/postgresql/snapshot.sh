# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# Copies of a database of PostgreSQL, by pg_dump in its own format, and the proof that a file is a good
# one: it is decoded from beginning to end. A listing reads the head only, and passes what was cut off.

. "$here/engines/postgresql/copy.sh"

# Prepares engine_check for file $1, without a database.
engine_open_copy() {
    scratch_make
    engine_shown=$1
}

# Makes engine_status and engine_message those of what pg_dump or pg_restore has said: it has no codes, and
# says which command failed, in which rows may stand.
snapshot_explain() {
    engine_message=$(printf '%s\n' "$engine_message" | sed -n '
        s/^could not execute query: ERROR:  *//; s/^query failed: ERROR:  *//
        /^Command was: /q; /^[a-z_]*: detail: Query was: /q; /^CONTEXT: /q; /^context: /q; /^detail: Query was: /q
        s/^[a-z_]*: detail: /detail: /; s/^[a-z_]*: hint: /hint: /
        /^pg_[a-z]*: error: /d; p')
    [ "$engine_status" = 1 ] || return 0
    case $engine_message in
    *'permission denied'* | *'must be owner'* | *'must be superuser'* | *'must be member'* | *'affected by row-level security'*)
        engine_status=77
        ;;
    *'No space left'* | *'could not extend file'* | *'could not write'*) engine_status=74 ;;
    *'canceling statement due to '*' timeout'*) engine_status=75 ;;
    *'unsupported version'*) engine_status=69 ;;
    *) ;;
    esac
}

# What there is in the database, without what belongs to the system or to an extension.
snapshot_objects="SELECT (SELECT count(*) FROM pg_catalog.pg_class AS c JOIN place ON place.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND NOT EXISTS (SELECT 1 FROM brought WHERE objid = c.oid))
    + (SELECT count(*) FROM pg_catalog.pg_proc AS p JOIN place ON place.oid = pronamespace
        WHERE NOT EXISTS (SELECT 1 FROM brought WHERE objid = p.oid))
    + (SELECT count(*) FROM pg_catalog.pg_type AS t JOIN place ON place.oid = typnamespace
        WHERE typtype IN ('e', 'd', 'r') AND NOT EXISTS (SELECT 1 FROM brought WHERE objid = t.oid))
    + (SELECT count(*) FROM place WHERE nspname <> 'public' AND NOT EXISTS (SELECT 1 FROM brought WHERE objid = place.oid))
    + (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata)"

# Sets snapshot_count to the number of these.
snapshot_count() {
    server_value "WITH place AS (SELECT oid, nspname FROM pg_catalog.pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
        brought AS (SELECT objid FROM pg_catalog.pg_depend WHERE deptype = 'e')
        $snapshot_objects" || return 1
    snapshot_count=$server_answer
}

# Sets snapshot_version to the number of the release of program $server_program: 15.
snapshot_release() {
    copy_tool --version || return 1
    snapshot_version=$(sed -n '1s/^[^0-9]*\([0-9]*\).*/\1/p' "$scratch/rows")
    case $snapshot_version in
    '' | *[!0-9]*) engine_fail 69 "$server_program does not say which version it is" ;;
    *) ;;
    esac
}

# Fails when there is nothing to copy, or nothing to copy it with. An older pg_dump may leave out what it
# does not know.
engine_source() {
    server_find pg_restore
    server_find pg_dump
    snapshot_release || return 1
    server_value "SELECT current_setting('server_version_num')::int / 10000" || return 1
    [ "$snapshot_version" -ge "$server_answer" ] ||
        engine_fail 69 "pg_dump is of version $snapshot_version, and the server of $engine_shown is of version $server_answer" \
            "install the clients of version $server_answer or newer" || return 1
    snapshot_count || return 1
    [ "$snapshot_count" != 0 ] ||
        engine_fail 66 "cannot copy $engine_shown: the database is empty" "check the URL of the connection"
}

# How large it will be is not known before.
engine_size() {
    printf '0\n'
}

# Puts a pattern for each table in $1 (names with commas between them, with or without a schema), and for
# each partition of it, which pg_dump would leave out, into $scratch/rows.
snapshot_tables() {
    snapshot_rest=$1,
    snapshot_list=
    while [ -n "$snapshot_rest" ]; do
        snapshot_name=$(server_quote "${snapshot_rest%%,*}")
        snapshot_rest=${snapshot_rest#*,}
        snapshot_list="$snapshot_list${snapshot_list:+, }($snapshot_name)"
    done
    snapshot_found="WITH RECURSIVE wanted (name) AS (VALUES $snapshot_list),
        there (oid, name) AS (SELECT c.oid, w.name FROM wanted AS w JOIN pg_catalog.pg_class AS c ON relkind IN ('r', 'p', 'f')
            JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace
            AND (relname = w.name AND pg_table_is_visible(c.oid) OR nspname || '.' || relname = w.name)),
        whole (oid) AS (SELECT oid FROM there UNION SELECT inhrelid FROM whole JOIN pg_catalog.pg_inherits ON inhparent = whole.oid)"
    server_value "$snapshot_found SELECT coalesce(min(name), '') FROM wanted WHERE name NOT IN (SELECT name FROM there)" || return 1
    [ -z "$server_answer" ] ||
        engine_fail 66 "there is no table \"$server_answer\" in $engine_shown" \
            "names stand as they are, with commas between them; of tables that are not on the search path, SCHEMA.TABLE" || return 1
    server_ask "$snapshot_found SELECT '\"' || replace(nspname, '\"', '\"\"') || '\".\"' || replace(relname, '\"', '\"\"') || '\"'
        FROM whole JOIN pg_catalog.pg_class AS c ON c.oid = whole.oid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace ORDER BY 1"
}

# Copies the database, or the tables $2 of it, as it is at one moment to the new file $1.
engine_snapshot() {
    snapshot_file=$1
    snapshot_wanted=$2
    set --
    if [ -n "$snapshot_wanted" ]; then
        snapshot_tables "$snapshot_wanted" || return 1
        snapshot_rest=$(cat -- "$scratch/rows")
        set -- --strict-names
        while [ -n "$snapshot_rest" ]; do
            set -- "$@" -t "${snapshot_rest%%"$server_record"*}"
            snapshot_rest=${snapshot_rest#*"$server_record"}
        done
    fi
    server_find pg_dump
    copy_tool -w -Fc --lock-wait-timeout="${MIGRATE_LOCK_TIMEOUT:-60000}" "$@" -f "$snapshot_file" || {
        snapshot_explain
        engine_message="cannot copy $engine_shown: $engine_message"
        return 1
    }
    snapshot_warning=$(sed -n 's/^pg_dump: warning: //p' "$scratch/error")
    [ -s "$snapshot_file" ] ||
        engine_fail 74 "pg_dump ended well, but there is no copy of $engine_shown" "check pg_dump and the disk"
}

# Proves that file $1 is a whole archive. Sets engine_objects, the number of its entries.
engine_check() {
    engine_warning=${snapshot_warning-}
    server_find pg_restore
    copy_tool -f /dev/null "$1" || snapshot_damaged || return 1
    copy_tool -l "$1" || snapshot_damaged || return 1
    engine_objects=$(grep -c '^[0-9]' "$scratch/rows") || engine_objects=0
    [ "$engine_objects" -gt 0 ] || engine_fail 65 "there is nothing in the dump" "take another one"
}

snapshot_damaged() {
    snapshot_explain
    case $engine_status in
    1) engine_fail 65 "the dump is damaged: $engine_message" "take another one" ;;
    69) engine_fail 69 "pg_restore cannot read the dump: $engine_message" "install newer clients of PostgreSQL" ;;
    *) ;;
    esac
    return 1
}

# True when the file that was checked has what the database had: pg_dump fails where it cannot read something.
engine_complete() {
    [ "$engine_objects" -gt 0 ]
}
