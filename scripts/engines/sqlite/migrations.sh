# shellcheck shell=sh disable=SC2034,SC2154
# What changes a database: each step is one function of the extension, called with its own words.

engine_apply() {
    engine_target=$(quote_sql_or_null "$1")
    engine_run "SELECT migrate_apply(NULL, $engine_target)"
}

engine_rollback() {
    engine_target=$(quote_sql_or_null "$1")
    engine_run "SELECT migrate_rollback($engine_target)"
}

engine_to() {
    engine_target=$(quote_sql "$1")
    engine_run "SELECT migrate_to($engine_target)"
}

engine_redo() {
    engine_target=$(quote_sql_or_null "$1")
    engine_run "SELECT migrate_redo($engine_target)"
}

engine_baseline() {
    engine_target=$(quote_sql "$1")
    engine_call "SELECT migrate_baseline($engine_target)"
}

engine_repair() {
    engine_target=$(quote_sql "$1")
    engine_outcome=$(quote_sql "$2")
    engine_call "SELECT migrate_repair($engine_target, $engine_outcome)"
}

# A database that is not there is rehearsed as an empty one, and not made.
engine_rehearse() {
    engine_sql=$(view_query rehearsal "$1")
    engine_kept=$engine_database
    engine_exists || engine_database=:memory:
    engine_rehearse_result=0
    engine_run "$engine_sql" || engine_rehearse_result=1
    engine_database=$engine_kept
    return "$engine_rehearse_result"
}

engine_script() {
    engine_from=$(quote_sql_or_null "$1")
    engine_target=$(quote_sql_or_null "$2")
    extension_mode=-list
    engine_script_result=0
    engine_read "SELECT rtrim(migrate_script(NULL, $engine_from, $engine_target), char(10))" || engine_script_result=1
    extension_mode=-ascii
    return "$engine_script_result"
}

engine_verify() {
    engine_read 'SELECT migrate_verify()'
}

# Runs SQL files in one transaction. A mark is printed before each, to know which one failed.
engine_seed() {
    for engine_file; do
        shift
        engine_quoted=$(quote_dot "$engine_file")
        set -- "$@" ".print $engine_quoted" ".read $engine_quoted"
    done
    engine_wait
    engine_run ".timeout $engine_timeout" 'BEGIN IMMEDIATE' "$@" 'COMMIT' || {
        [ -z "$extension_line" ] || engine_message="$extension_line: $engine_message"
        return 1
    }
}

# The new database is beside the old one, so that it can take its name at once.
engine_fresh_begin() {
    [ ! -h "$engine_database" ] ||
        die 78 "the database $engine_shown is a symbolic link" "name the file that it leads to"
    engine_place=$engine_database
    engine_database=$(mktemp "$engine_place.fresh.XXXXXX") ||
        die 73 "cannot make a file beside $engine_shown" "check the folder, its permissions and the free space"
    scratch_file=$engine_database
}

# Nothing may be left in a log beside the old file when it gets another name. Leaving WAL takes that
# nobody else has the database open.
engine_fresh_end() {
    engine_old=
    if [ -e "$engine_place" ]; then
        engine_new=$engine_database
        engine_database=$engine_place
        engine_call 'PRAGMA journal_mode' || return 1
        engine_journal=$(tr -d '\036' <"$scratch/rows")
        if [ "$engine_journal" = wal ]; then
            engine_call 'PRAGMA journal_mode = DELETE' || return 1
        fi
        engine_call 'BEGIN EXCLUSIVE' || return 1
        engine_database=$engine_new
        if [ "$engine_journal" = wal ]; then
            engine_call 'PRAGMA journal_mode = WAL' || return 1
        fi
        engine_bits=$(stat -c %a -- "$engine_place" 2>/dev/null || stat -f %Lp "$engine_place") || engine_bits=600
        chmod -- "$engine_bits" "$engine_new" || warn "cannot give the new file the mode of the old one"
        engine_keep_old
    else
        mode_of_new "$engine_database" || warn "cannot set the mode of the new file"
    fi
    mv -f -- "$engine_database" "$engine_place" || die 73 "cannot rename the new database to $engine_shown"
    scratch_file=
    engine_database=$engine_place
}

# The old file gets a second name, which is free, before the new one takes its first.
engine_keep_old() {
    engine_stamp=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
    engine_old=$engine_place.$engine_stamp
    engine_tries=1
    until ln -- "$engine_place" "$engine_old" 2>"$scratch/error"; do
        engine_tries=$((engine_tries + 1))
        if [ ! -e "$engine_old" ] || [ "$engine_tries" -ge 100 ]; then
            die 73 "cannot keep the old database as $engine_old" "the folder must take hard links; nothing was changed"
        fi
        engine_old=$engine_place.$engine_stamp-$engine_tries
    done
}
