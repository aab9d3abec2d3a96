# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# Scratch databases of PostgreSQL; server/copy.sh says what is in here. They are made from a session in
# another database (`postgres`, else `template1`), and always by their names, never by where a session is.

. "$here/engines/server/copy.sh"

copy_elsewhere=

# Runs file $2 in database $1, whose name is a plain word.
copy_run() {
    server_start "$scratch/rows" "$server_client" -X -w -q -A -t -F "$server_field" -R "$server_record" \
        -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -d "$1" -f "$2"
}

# Runs the statements $1 in a session outside of the database.
copy_outside() {
    printf '%s\n' "$1" >"$scratch/outside.sql" || die 74 "cannot write into the temporary folder"
    if [ -z "$copy_elsewhere" ]; then
        copy_elsewhere=postgres
        printf 'SELECT 1;\n' >"$scratch/probe.sql"
        copy_run postgres "$scratch/probe.sql" || copy_elsewhere=template1
    fi
    copy_run "$copy_elsewhere" "$scratch/outside.sql"
}

# Prints a name for the database $1 that gives its place to another one: with $2 and the time behind it, and a
# dot. A name has 63 bytes at most.
copy_old_name() (
    time=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
    suffix=$2_$time
    name=$(server_quote "$1")
    server_value "SELECT left($name, n) FROM generate_series(1, 63) AS n
        WHERE octet_length(left($name, n)) <= 63 - ${#suffix} ORDER BY n DESC LIMIT 1" || engine_die
    printf '%s%s.' "$server_answer" "$suffix"
)

# Writes what the database is, but for what is in it, to $scratch/properties: the statement that makes it,
# then its owner, privileges, settings, comment. pg_dump knows them for each version.
copy_properties() {
    server_find pg_dump
    copy_tool -w -Fc -C -s -N '*' -f "$scratch/properties.dump" || {
        snapshot_explain
        return 1
    }
    server_find pg_restore
    copy_tool -C -l "$scratch/properties.dump" || return 1
    grep -E '^[0-9]+; [0-9]+ [0-9]+ (DATABASE|DATABASE PROPERTIES|(ACL|COMMENT|SECURITY LABEL) - DATABASE) ' "$scratch/rows" \
        >"$scratch/properties.list" || :
    copy_tool -C -L "$scratch/properties.list" -f "$scratch/properties.sql" "$scratch/properties.dump" || return 1
    # What begins with a backslash is for psql, which has another session for it.
    awk 'make == "" && /^CREATE DATABASE / { make = $0; next }
        make == "" || /^\\/ || /^SET / || /^SELECT pg_catalog\.set_config\(/ || /^--/ || /^$/ { next }
        { rest = rest $0 "\n" }
        END { print make; printf "%s", rest }' "$scratch/properties.sql" >"$scratch/properties" ||
        die 74 "cannot write into the temporary folder"
    grep -q '^CREATE DATABASE ' "$scratch/properties" || engine_fail 1 "cannot read how $engine_shown was made"
}

copy_make() {
    copy_properties || return 1
    copy_sql=$(awk -v name="$1" 'NR == 1 { sub(/^.* WITH TEMPLATE = /, "CREATE DATABASE " name " WITH TEMPLATE = "); print }' \
        "$scratch/properties")
    copy_outside "$copy_sql" && return
    case $server_code in
    42501) engine_fail 77 "cannot make a scratch database, in which a dump is proven: $engine_message" \
        "ALTER ROLE NAME CREATEDB, which a superuser can do, gives the right" ;;
    *) engine_message="cannot make a scratch database: $engine_message" ;;
    esac
    return 1
}

# There is no schema but `public` in a new database.
copy_furnish() {
    [ -n "${MIGRATE_SCHEMA-}" ] || return 0
    copy_schema=$(server_quote_name "$MIGRATE_SCHEMA")
    printf 'CREATE SCHEMA IF NOT EXISTS %s;\n' "$copy_schema" >"$scratch/furnish.sql" ||
        die 74 "cannot write into the temporary folder"
    copy_run "$1" "$scratch/furnish.sql"
}

# A database with a subscription cannot be dropped, so only one that is to stay gets it.
copy_fill() {
    if [ -n "${copy_lasting-}" ]; then
        copy_restore "$2" -d "$1"
    else
        copy_restore "$2" --no-subscriptions -d "$1"
    fi
}

# Puts the archive $1 into the empty database that the options $2... name, all of it or nothing. Who may not
# give objects away to the roles they belong to keeps them.
copy_restore() {
    copy_archive=$1
    shift
    server_find pg_restore
    copy_tool -s -f "$scratch/definitions.sql" "$copy_archive" || {
        snapshot_explain
        return 1
    }
    copy_owners "$scratch/definitions.sql" || return 1
    copy_tool -w --exit-on-error --single-transaction ${copy_strangers:+--no-owner} "$@" "$copy_archive" && return
    snapshot_explain
    case $engine_message in
    *'role "'*'" does not exist'*) engine_fail 78 "$engine_message" \
        "a dump has no roles: make them first (pg_dumpall --globals-only writes them where they are)" ;;
    *) ;;
    esac
    return 1
}

# Sets copy_strangers to the owners in the SQL of file $1 that objects cannot be given to.
copy_owners() {
    sed -n 's/^-- Name: .*; Owner: //p' "$1" | sed 's/; Tablespace: .*//; /^-\{0,1\}$/d' | sort -u >"$scratch/owners"
    copy_list=
    while IFS= read -r copy_owner; do
        copy_owner=$(server_quote "$copy_owner")
        copy_list="$copy_list${copy_list:+, }($copy_owner)"
    done <"$scratch/owners"
    copy_strangers=
    [ -n "$copy_list" ] || return 0
    server_value "SELECT string_agg(owner, ', ' ORDER BY owner) FROM (VALUES $copy_list) AS o (owner)
        WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = owner AND pg_has_role(oid, 'MEMBER'))" || return 1
    copy_strangers=$server_answer
    [ -z "$copy_strangers" ] ||
        warn "what belongs to $copy_strangers will belong to who restores: there is no such role, or it may not be taken on"
}

# A signal to all processes of a terminal does not stop it.
copy_drop() (
    trap '' HUP INT TERM
    # Through a pipe, for the disk may be full.
    for copy_force in ' WITH (FORCE)' '' ''; do
        printf 'DROP DATABASE IF EXISTS %s%s;\n' "$1" "$copy_force" |
            "$server_client" -X -w -q -v ON_ERROR_STOP=1 -d "${copy_elsewhere:-postgres}" >/dev/null 2>&1 9<&- 8<&- 7<&- && exit 0
        sleep 1 9<&- 8<&- 7<&-
    done
    exit 1
)

copy_look() {
    copy_home=${PGDATABASE-}
    export PGDATABASE="$1"
}

copy_back() {
    [ "${PGDATABASE-}" != "$copy_name" ] || [ -z "$copy_name" ] || export PGDATABASE="$copy_home"
}

copy_leftover="SELECT datname FROM pg_catalog.pg_database AS d WHERE datname LIKE 'migrate!_scratch!_%' ESCAPE '!'
    AND datdba = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_activity AS a WHERE a.datid = d.oid)"

copy_text() {
    server_find pg_dump
    copy_read "$scratch/copied" "$server_program" -w --no-owner --no-acl --no-subscriptions -d "$1" || {
        snapshot_explain
        return 1
    }
}

copy_text_of() {
    server_find pg_restore
    copy_read "$scratch/given" "$server_program" --no-owner --no-acl --no-subscriptions -f - "$1" || {
        snapshot_explain
        return 1
    }
}

# Rows stand between `COPY ... FROM stdin;` and `\.`.
copy_split() {
    COPY_REST=$copy_rest awk '
        BEGIN { rest = ENVIRON["COPY_REST"] }
        inside && $0 == "\\." { inside = 0; next }
        inside { count++; print table "\t" $0; next }
        /^SELECT pg_catalog\.lowrite\(/ { print; next }
        /^COPY .* FROM stdin;$/ { inside = 1; table = $2 }
        /^\\(un)?restrict / || /^-- Dumped (from|by) / || /^-- Started on / || /^-- Completed on / { next }
        { print >rest }
        END { printf "%d\n", count >(rest ".count"); print "one format" >(rest ".head") }'
}

# They were counted when the copy was read.
copy_count() {
    read -r engine_row_count <"$scratch/copied.count"
}

# Prints what objects the SQL in file $1 defines.
copy_objects() {
    sed -n 's/^-- Name: \(.*\); Owner: .*/\1/p' "$1"
}
