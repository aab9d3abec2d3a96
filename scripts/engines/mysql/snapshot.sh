# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# Copies of a database of MySQL or MariaDB, by the dump program, and the proof that a file is a whole one:
# the program ended well, and the last line says that it came to the end. Neither alone is enough: with the
# one the disk may have been full, with the other a view may be left out.

. "$here/engines/mysql/copy.sh"
. "$here/engines/mysql/sight.sh"

# Prepares engine_check for file $1, without a database.
engine_open_copy() {
    scratch_make
    engine_shown=$1
}

# Sets snapshot_dumper to the dump program, and snapshot_only to the options that only that of MySQL has.
snapshot_program() {
    [ -z "${snapshot_dumper-}" ] || return 0
    server_find mariadb-dump mysqldump
    copy_tool --help || return 1
    snapshot_only=
    for snapshot_option in --set-gtid-purged=OFF --column-statistics=0; do
        ! grep -q -e "^ *${snapshot_option%%=*}" "$scratch/rows" || snapshot_only="$snapshot_only $snapshot_option"
    done
    snapshot_dumper=$server_program
}

# Runs the dump program with options and words $@.
snapshot_dump() {
    # shellcheck disable=SC2086 # words without blanks
    exec "$snapshot_dumper" --defaults-file="$scratch/options" --single-transaction --quick --triggers --hex-blob --no-tablespaces \
        --default-character-set=utf8mb4 --comments --skip-dump-date --max-allowed-packet=1G $snapshot_only "$@"
}

# What the dump program says of itself, with the number of the error behind it.
snapshot_explain() {
    [ -n "$server_code" ] || {
        server_code=$(printf '%s\n' "$engine_message" | sed -n '1s/^.*(\([0-9][0-9]*\))$/\1/p')
        [ -z "$server_code" ] || engine_status=$(server_status "$server_code")
    }
    case $engine_message in
    *[Nn]'o space left'* | *'Errcode: 28'* | *'errno 28'*) engine_status=74 ;;
    *'Access denied'* | *'command denied'* | *'nsufficient priv'*) engine_status=77 ;;
    *) ;;
    esac
    engine_message=$(printf '%s\n' "$engine_message" | sed '1s/^[a-z-]*: //')
}

# Sets snapshot_count to the number of tables, views, routines and events, and snapshot_unfinished when they are
# what a killed restore has left.
snapshot_count() {
    snapshot_here=$(server_quote "$url_database")
    server_value "SELECT (SELECT count(*) FROM information_schema.tables WHERE table_schema = $snapshot_here)
        + (SELECT count(*) FROM information_schema.routines WHERE routine_schema = $snapshot_here)
        + (SELECT count(*) FROM information_schema.events WHERE event_schema = $snapshot_here)" || return 1
    snapshot_count=$server_answer
    server_value "SELECT count(*) FROM information_schema.tables
        WHERE table_schema = $snapshot_here AND table_name = '$server_unfinished'" || return 1
    snapshot_unfinished=
    [ "$server_answer" = 0 ] || snapshot_unfinished=yes
}

# Fails when there is nothing to copy, or nothing to copy it with.
engine_source() {
    snapshot_program || return 1
    snapshot_count || return 1
    [ "$snapshot_count" != 0 ] ||
        engine_fail 66 "cannot copy $engine_shown: the database is empty" "check the URL of the connection" || return 1
    [ -z "$snapshot_unfinished" ] ||
        engine_fail 65 "cannot copy $engine_shown: a restore of it has stopped in the middle, and there is a part of it only" \
            "restore it first; restore-database.sh --help" || return 1
    # Other engines have no transactions, so their tables are copied as they are at another moment.
    server_value "SELECT coalesce(group_concat(table_name ORDER BY table_name SEPARATOR ', '), '') FROM information_schema.tables
        WHERE table_schema = $snapshot_here AND table_type = 'BASE TABLE' AND engine <> 'InnoDB'" || return 1
    snapshot_other=$server_answer
    sight_look "$url_database"
}

# How large it will be is not known before.
engine_size() {
    printf '0\n'
}

# Fails unless each of $1 (names with commas between them) is a table.
snapshot_tables() {
    snapshot_rest=$1,
    while [ -n "$snapshot_rest" ]; do
        snapshot_name=$(server_quote "${snapshot_rest%%,*}")
        server_value "SELECT count(*) FROM information_schema.tables WHERE table_schema = $snapshot_here
            AND table_name = $snapshot_name AND table_type <> 'VIEW'" || return 1
        [ "$server_answer" != 0 ] ||
            engine_fail 66 "there is no table \"${snapshot_rest%%,*}\" in $engine_shown" "names stand as they are, with commas between them" ||
            return 1
        snapshot_rest=${snapshot_rest#*,}
    done
}

# Copies the database, or the tables $2 of it, as it is at one moment to the new file $1.
engine_snapshot() {
    snapshot_file=$1
    snapshot_rest=${2:+$2,}
    set -- --routines --events -- "$url_database"
    if [ -n "$snapshot_rest" ]; then
        snapshot_wanted=$snapshot_rest
        snapshot_tables "${snapshot_rest%,}" || return 1
        set -- -- "$url_database"
        while [ -n "$snapshot_wanted" ]; do
            set -- "$@" "${snapshot_wanted%%,*}"
            snapshot_wanted=${snapshot_wanted#*,}
        done
    fi
    copy_start "$snapshot_file" snapshot_dump "$@" || {
        snapshot_explain
        engine_message="cannot copy $engine_shown: $engine_message"
        return 1
    }
}

# Proves that file $1 is a whole dump. Sets engine_objects, the number of objects in it.
engine_check() {
    engine_warning=
    [ -z "${sight_hidden-}" ] ||
        engine_warning="the user may not see $sight_hidden: where there are any, they are not in the copy (GRANT TRIGGER, EXECUTE shows them)"
    [ -z "${snapshot_other-}" ] ||
        engine_warning="${engine_warning:+$engine_warning; }these tables are not of the engine InnoDB, and may be copied at another moment than the others: $snapshot_other"
    snapshot_last=$(tail -n 1 -- "$1" | head -c 100)
    case $snapshot_last in
    '-- Dump completed'*) ;;
    *) engine_fail 65 "the dump is damaged: its last line is not \"-- Dump completed\"" "take another one" || return 1 ;;
    esac
    engine_objects=$(copy_objects "$1" | wc -l)
    engine_objects=$((engine_objects))
    [ "$engine_objects" -gt 0 ] || engine_fail 65 "there is nothing in the dump" "take another one"
}

# True when the file that was checked has what the database had: the program fails where it may not read
# what it sees.
engine_complete() {
    [ "$engine_objects" -gt 0 ]
}
