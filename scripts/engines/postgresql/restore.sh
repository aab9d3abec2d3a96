# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# Putting a dump in the place of a database. The part `snapshot` has what this one needs; sqlite/restore.sh
# lists the functions.
#
# An empty database is filled in one transaction. In the place of another one comes a new database: it is
# made under a name of its own, and when all of the dump is in it, one transaction gives the old one
# another name, and the new one the name, the owner, the privileges and the settings of the old one. The
# server refuses that while anybody has a session in the old one. So there is the one or the other, whole,
# at any moment; what a killed run leaves is a scratch database (server/copy.sh).

. "$here/engines/server/restore.sh"

# Ends the program where the database cannot be restored into; $1 is empty when nobody has said that what is
# in it may go.
engine_replaceable() {
    engine_exists || die 66 "there is no database $engine_shown" "createdb makes one"
    server_value 'SELECT current_database()' || engine_die
    restore_target=$server_answer
    snapshot_count || engine_die
    restore_confirm "$1" "$snapshot_count"
}

engine_present() {
    if [ "$snapshot_count" = 0 ]; then
        printf 'nothing\n'
    else
        printf 'database\n'
    fi
}

# Sets engine_users to the sessions of others.
engine_in_use() {
    engine_blind=
    restore_quoted=$(server_quote "$restore_target")
    server_ask "SELECT pid, usename, application_name, coalesce(client_addr::text, 'local') FROM pg_catalog.pg_stat_activity
        WHERE datname = $restore_quoted AND coalesce(backend_type, '') NOT IN ('autovacuum worker', 'parallel worker')
        AND pid <> pg_backend_pid() ORDER BY pid" || engine_die
    engine_users=$(awk 'BEGIN { RS = "\036"; FS = "\037" }
        NF > 3 {
            list = list (list == "" ? "" : ", ") $1 " (" $2 ($3 == "" ? "" : ", " $3) ($4 == "local" ? "" : ", " $4) ")"
        }
        END { if (list != "") print "session " list }' "$scratch/rows")
    [ -n "$engine_users" ]
}

# Prints a name for the old database with $1, and a dot: `app_replaced_20261121T101500Z`.
engine_keep_name() {
    copy_old_name "$restore_target" "_${1#.}"
}

# Makes the content of file $1 ready in a database of its own, where it is to replace something.
engine_prepare() {
    [ "$snapshot_count" != 0 ] || return 0
    copy_lasting=yes
    engine_trial_begin "$1" || return 1
    copy_back
}

# The old database is kept as $2, else it goes.
engine_replace() {
    engine_late=
    engine_kept=
    if [ "$snapshot_count" = 0 ]; then
        restore_conninfo=$(restore_conninfo "$restore_target")
        copy_restore "$1" -d "$restore_conninfo"
        return
    fi
    restore_old=$2
    if [ -z "$restore_old" ]; then
        restore_old=$(engine_keep_name .replaced) || exit
        restore_old=${restore_old%.}
    fi
    trap '' HUP INT TERM
    restore_swap || return 1
    copy_name=
    if [ -n "$2" ]; then
        engine_kept=$2
    else
        restore_drop
    fi
}

# The name and what goes with it change hands in one transaction.
restore_swap() {
    restore_name=$(server_quote_name "$restore_target")
    restore_kept=$(server_quote_name "$restore_old")
    restore_statements=$(sed 1d "$scratch/properties")
    copy_outside "BEGIN;
ALTER DATABASE $restore_name RENAME TO $restore_kept;
ALTER DATABASE $copy_name RENAME TO $restore_name;
$restore_statements
COMMIT;" && return
    case $server_code in
    55006)
        if engine_in_use; then
            engine_fail 75 "$engine_shown is open in $engine_users" "stop what works with it, then start again; nothing was changed"
        else
            engine_fail 75 "$engine_shown is open: $engine_message" "stop what works with it, then start again; nothing was changed"
        fi
        ;;
    42501) engine_fail 77 "cannot put the new database in the place of $engine_shown: $engine_message" \
        "its owner can, who may make databases (ALTER ROLE NAME CREATEDB); nothing was changed" ;;
    *) engine_message="cannot put the new database in the place of $engine_shown: $engine_message" ;;
    esac
    return 1
}

# There is a snapshot of the old database.
restore_drop() {
    copy_outside "DROP DATABASE $restore_kept;" ||
        warn "the old database is kept as $restore_old, for it cannot be dropped: $engine_message"
}

# Prints the connection string of database $1.
restore_conninfo() (
    name=$(quote_replace "$1." \\ \\\\)
    name=$(quote_replace "$name" "'" "\\'")
    printf "dbname='%s'" "${name%.}"
)
