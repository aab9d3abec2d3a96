# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# The mirror: what a server's tracking table and log hold, in an SQLite file of this run, where the views
# of the extension work on it and runs are planned. It is read anew by each function that needs it.
#
#   mirror_load [locked]   copies the rows, all of one moment, into the database $scratch/mirror; `locked`
#                          waits for runs of others first. Sets mirror_state, by which a run sees whether
#                          others have changed the state since
#   mirror_forget          to be called when something may have changed the server
#
# An engine that can be mirrored has a part `session`.

# shellcheck source=/dev/null
. "$here/engines/$connection_engine/session.sh"

mirror_fresh=

mirror_forget() {
    mirror_fresh=
}

# The columns of the two tables in their order, with what each holds: a number or a text.
mirror_tracking='id:number version:number task_name:text description:text migration_date:text type:text
    file_path:text checksum:text status:text started_at:text completed_at:text code:text rollback_code:text'
mirror_log='id:number version:number task_name:text description:text action:text outcome:text error:text
    statement:number started_at:text finished_at:text duration_ms:number rows_changed:number actor:text host:text
    sqlite_version:text migrate_version:text fingerprint:text output:text'

# Prints the names of columns $1 (NAME:KIND), with commas between them.
mirror_names() (
    list=
    for column in $1; do
        list=$list${list:+,}${column%:*}
    done
    printf '%s' "$list"
)

# Prints the query whose rows are the statements that put table $1's rows (columns $2) into the mirror's
# table $3. What a server does not know (rows_changed) is 0 there.
mirror_query() (
    values=
    for column in $2; do
        case $column in
        rows_changed:*) value=$(session_text "coalesce(${column%:*},0)") ;;
        *:number) value=$(session_text "${column%:*}") ;;
        *) value=$(session_hex "${column%:*}") ;;
        esac
        values="$values${values:+,',',}$value"
    done
    into=$(server_quote "INSERT INTO \"$3\" VALUES(")
    printf "SELECT concat(%s,%s,');') FROM %s ORDER BY id" "$into" "$values" "$1"
)

# Sets mirror_table and mirror_log_table, as the server's statements name them, and mirror_name and
# mirror_log_name, as SQLite's do.
mirror_tables() {
    mirror_option=${MIGRATE_TABLE:-migration}
    mirror_name=$(quote_replace "$mirror_option." '"' '""')
    mirror_name=${mirror_name%.}
    mirror_log_name=${mirror_name}_log
    mirror_table=$(session_table "$mirror_option")
    mirror_log_table=$(session_table "${mirror_option}_log")
}

# A database that has one of the tables only, or another table of that name, is not ours to touch.
mirror_check() {
    case $mirror_state in
    none | *[0-9]*) return ;;
    '')
        engine_status=74
        engine_message="the client of $engine_shown ended well, and did not say what is there"
        ;;
    unfinished)
        engine_status=65
        engine_message="a restore of $engine_shown has begun and was not finished
hint: restore-database.sh goes on where it is called again"
        ;;
    *)
        engine_status=65
        engine_message="the database has a table ${MIGRATE_TABLE:-migration} or ${MIGRATE_TABLE:-migration}_log that is not the one of this program, or only one of the two
hint: it was not touched; --table NAME takes others"
        ;;
    esac
    return 1
}

mirror_load() {
    mirror_fresh=
    mirror_state=
    mirror_tables
    session_read "${1-}" >"$scratch/read.sql" || die 74 "cannot write into the temporary folder"
    server_run "$scratch/read.sql" "$scratch/read" || {
        session_explain
        return 1
    }
    mirror_state=$(sed -n 's/^-- state //p' "$scratch/read")
    mirror_check || return 1
    rm -f -- "$scratch/mirror" "$scratch/mirror-journal"
    awk 'BEGIN { print "BEGIN;" } /^INSERT INTO / { print } END { print "COMMIT;" }' "$scratch/read" >"$scratch/rows.sql" ||
        die 74 "cannot write into the temporary folder"
    rm -f -- "$scratch/read"
    set --
    if [ "$mirror_state" != none ]; then
        mirror_make=$(quote_dot "$scratch/tables.sql")
        mirror_fill=$(quote_dot "$scratch/rows.sql")
        set -- "SELECT migrate_config('dialect', 'sqlite')" '.mode list' ".output $mirror_make" 'SELECT migrate_tracking_sql()' .output \
            ".read $mirror_make" ".read $mirror_fill"
    fi
    extension_call "$scratch/mirror" 'PRAGMA synchronous = OFF' "$@" || return 1
    mirror_fresh=yes
}
