# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# Copies of a database that others write to, and the proof that a file is a good one.
#
# A copy is made in one read transaction, which pins one state of the database: by migrate_snapshot()
# where the extension is there and has it, else by the shell's .backup, which without the transaction
# begins anew at each commit of another process, and never ends. The source is opened read-only, so one
# that is not there is not made.
#
# An application whose indexes, checks or collations call functions of its own names its extension with
# extension_extra; without it such a database can be copied, but not checked.
#
#   engine_source             fails when there is nothing that could be copied
#   engine_size               prints how many bytes a copy may need at most, 0 when that is not known
#   engine_snapshot FILE TABLES
#                             copies the database, or some tables of it, to the new FILE
#   engine_open_copy FILE     prepares engine_check where no database was opened
#   engine_check FILE         proves that FILE is whole; sets engine_objects, the number of objects in it, and
#                             engine_warning
#   engine_complete           true when FILE has the objects that the database had
#   engine_trial_begin FILE   has the functions of the engine work on a database of its own with what is in
#                             FILE, until engine_trial_end
#   engine_trial_same FILE    fails unless that holds what FILE does; sets engine_row_count

. "$here/engines/sqlite/trim.sh"
. "$here/engines/sqlite/trial.sh"

# Prepares engine_check for file $1, without a database.
engine_open_copy() {
    engine_open "$1" "$here"
}

# Milliseconds to wait for a writer that lets nobody read.
engine_patience() {
    case ${MIGRATE_LOCK_TIMEOUT-} in
    '' | *[!0-9]*) printf 60000 ;;
    *) printf '%s' "$MIGRATE_LOCK_TIMEOUT" ;;
    esac
}

# Runs the shell, which a signal ends at once. The extension is not loaded.
engine_shell() {
    : >"$scratch/log"
    printf 'loaded extended\n' >"$scratch/loaded"
    sql_exec -ascii -cmd ".log $extension_log" "$@" >"$scratch/rows" 2>"$scratch/error.text" 9<&- 8<&- &
    scratch_wait "$!" && return
    [ -z "$scratch_signalled" ] || scratch_end
    extension_explain
    # What a dot command reports is not in the log, and does not have the status of its cause.
    case $engine_message:$scratch_status in
    *'disk is full'* | *'disk I/O error'* | *:153) engine_status=74 ;;
    *'database is locked'*) engine_status=75 ;;
    *'is not a database'*)
        engine_status=65
        engine_message="$engine_message
hint: it is not an SQLite database, or it is encrypted"
        ;;
    *malformed*) engine_status=65 ;;
    *) ;;
    esac
    return 1
}

# Sets status, message and hint of a failure.
engine_fail() {
    engine_status=$1
    engine_message="$2
hint: $3"
    return 1
}

# Fails when the database cannot be one.
engine_source() {
    if [ ! -e "$engine_database" ]; then
        engine_fail 66 "there is no database $engine_shown" "check --connection, DATABASE_URL and the working directory"
    elif [ ! -f "$engine_database" ]; then
        engine_fail 65 "$engine_shown is not a file" "check --connection and DATABASE_URL"
    elif [ ! -r "$engine_database" ]; then
        engine_fail 77 "cannot read $engine_shown" "check its permissions"
    elif [ ! -s "$engine_database" ]; then
        engine_fail 65 "$engine_shown is an empty file, not a database" "check --connection and DATABASE_URL"
    fi
}

# Prints how many bytes a copy may need: what a log holds may be in it.
engine_size() (
    file=$(readlink -f -- "$engine_database")
    for file in "$file" "$file-wal"; do
        stat -c %s -- "$file" 2>/dev/null || stat -f %z -- "$file" 2>/dev/null || :
    done | awk '{ total += $1 } END { printf "%.0f\n", total }'
)

# Prints the URI of file $1, to be opened for writing, and not to be made.
engine_uri() (
    path=$(quote_replace "$1." % %25)
    path=$(quote_replace "$path" '?' %3f)
    path=$(quote_replace "$path" '#' %23)
    case $path in
    /*) path=//$path ;;
    *) ;;
    esac
    printf 'file:%s?mode=rw' "${path%.}"
)

# Sets engine_ours when the extension is there and copies databases.
engine_find_ours() {
    engine_ours=
    engine_shell :memory: ".load $extension_load" \
        "SELECT count(*) FROM pragma_function_list WHERE name = 'migrate_snapshot' AND narg = 2" || return 0
    engine_found=$(tr -d '\036' <"$scratch/rows")
    [ "$engine_found" != 1 ] || engine_ours=yes
}

# Copies the database, or the tables $2 of it, as it is at one moment to the new file $1, which needs no other
# file beside it.
engine_snapshot() {
    engine_source || return 1
    engine_find_ours
    engine_read_only=-readonly
    engine_opened=$engine_database
    engine_copy_patiently "$1" || {
        # A journal that a killed process left has to be rolled back first, as the next one that opens
        # the database would do.
        [ "${extension_code:-0}" = 776 ] || return 1
        engine_read_only=-batch
        engine_opened=$(engine_uri "$engine_database")
        engine_copy_patiently "$1" || return 1
    }
    engine_counted=$(awk 'BEGIN { RS = "\036" } /^[0-9]+$/' "$scratch/rows")
    [ "$engine_counted" != 0 ] || engine_fail 66 "cannot copy $engine_shown: the database is empty" \
        "a wrong path opens an empty database: check it" || return 1
    [ -s "$1" ] || engine_fail 74 "sqlite3 ended well, but there is no copy of $engine_shown" "check the sqlite3 shell and the disk" ||
        return 1
    engine_shell "$1" 'PRAGMA journal_mode = DELETE' || return 1
    engine_mode_now=$(tr -d '\036' <"$scratch/rows")
    [ "$engine_mode_now" = delete ] || engine_fail 74 "the copy of $engine_shown did not leave the mode ${engine_mode_now:-it has}" \
        "check the sqlite3 shell" || return 1
    [ -z "$2" ] || engine_trim "$1" "$2"
}

# As engine_copy; once more where the schema changed while a statement was compiled (17, SQLITE_SCHEMA).
engine_copy_patiently() {
    engine_attempts=1
    until engine_copy "$1"; do
        [ "${extension_code:-0}" = 17 ] && [ "$engine_attempts" -lt 10 ] || return 1
        engine_attempts=$((engine_attempts + 1))
    done
}

# Sets engine_counted, the number of objects: in the transaction of the copy, or before and after it.
engine_copy() {
    rm -f -- "$1"
    engine_patience=$(engine_patience)
    engine_number='SELECT count(*) FROM sqlite_schema'
    if [ -n "$engine_ours" ]; then
        engine_copied=$(quote_sql "$1")
        set -- "$engine_number" "SELECT migrate_snapshot($engine_copied, 'unchecked')" "$engine_number"
    else
        engine_copied=$(quote_dot "$1")
        set -- BEGIN "$engine_number" ".backup main $engine_copied" COMMIT
    fi
    engine_shell "$engine_read_only" -cmd ".timeout $engine_patience" ${engine_ours:+-cmd ".load $extension_load"} \
        "$engine_opened" "$@" && return
    engine_message=${engine_message#cannot take the snapshot: }
    case $extension_code in
    8 | 14 | 264 | 520 | 1032 | 1544) engine_fail 77 "cannot open $engine_shown: $engine_message" \
        "who copies a database in WAL mode must be able to write to its folder" ;;
    *) engine_message="cannot copy $engine_shown: $engine_message" ;;
    esac
    return 1
}

# Proves that file $1 is a whole database. Sets engine_objects, the number of objects in it, and
# engine_warning, what is wrong in the data itself. What cannot be checked here (status 69) is not
# called damaged (status 65).
engine_check() {
    engine_checked=$1
    engine_warning=
    engine_extend || return 1
    engine_examine 'SELECT count(*) FROM sqlite_schema' 'PRAGMA integrity_check' || return 1
    engine_objects=$(tr '\036' '\n' <"$scratch/rows" | head -n 1)
    engine_verdict=$(tr '\036' '\n' <"$scratch/rows" | sed 1d)
    if [ "$engine_verdict" != ok ]; then
        engine_verdict=$(printf '%s\n' "$engine_verdict" | sed -n '/^\*\*\* /d; p' | head -n 1)
        engine_damaged "${engine_verdict:-the check said nothing}"
        return 1
    fi
    # A table whose keys refer to what cannot be a key is an error, for this check only.
    if engine_examine 'SELECT count(*) FROM pragma_foreign_key_check'; then
        engine_violations=$(tr -d '\036' <"$scratch/rows")
        [ "$engine_violations" = 0 ] ||
            engine_warning="$engine_violations rows refer to a parent that is not there, in the original as in the copy"
    else
        [ "$engine_status" = 1 ] || return 1
        engine_warning="foreign keys cannot be checked: $engine_message"
    fi
}

engine_damaged() {
    engine_fail 65 "the database is damaged: $1" \
        "PRAGMA integrity_check in the original says whether it is; restore a snapshot if so"
}

# True when the file that was checked has the objects that the database had when it was copied. Where
# they were counted before and after the copy, others may have made and dropped some meanwhile.
engine_complete() {
    case $engine_counted in
    "$engine_objects") ;;
    [1-9]*"
"[1-9]*) [ "$engine_objects" -gt 0 ] ;;
    *"
"*) ;;
    *) return 1 ;;
    esac
}

# Runs SQL on the file that is checked, with what the schema may need.
engine_examine() {
    engine_shell -readonly -cmd "$engine_extension_ours" -cmd "$engine_extension_extra" "$engine_checked" "$@" && return
    case $engine_message in
    *'no such function'* | *'unknown function'* | *'no such collation'* | *'no such module'* | *'no such tokenizer'*)
        engine_message=$(printf '%s\n' "$engine_message" | head -n 1)
        engine_fail 69 "the copy cannot be checked here: $engine_message" \
            "--load EXTENSION loads what the application brings along"
        ;;
    *malformed* | *'not a database'*) engine_damaged "$engine_message" ;;
    *) ;;
    esac
    return 1
}

# Finds what can be loaded: the extension, when it is there, and that of the application, which has to be.
engine_extend() {
    engine_extension_ours=
    engine_extension_extra=
    if engine_shell :memory: ".load $extension_load"; then
        engine_extension_ours=".load $extension_load"
    fi
    [ -n "${extension_extra-}" ] || return 0
    engine_extension_extra=$(quote_dot "$extension_extra")
    engine_extension_extra=".load $engine_extension_extra"
    engine_shell :memory: "$engine_extension_extra" ||
        engine_fail 69 "cannot load the extension $extension_extra: $engine_message" "--load names a file that sqlite3 can load"
}
