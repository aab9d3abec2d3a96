# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# Another file in the place of the database: who has it open, and the moment of the change.
#
# What lies beside a database is part of it. A log (-wal) or a journal of the old file that was left
# there would be replayed over the new one, and the old content would be back. So the old file is
# locked for everybody, what is in its log is written into it, then the log goes, and then one rename
# makes the new file the database. At each of these steps the old database or the new one is there whole.
# The part `snapshot` has what this one needs.
#
#   engine_replaceable FORCE  ends the program where the database cannot be replaced; a server's that is not
#                             empty only where FORCE is not
#   engine_place              sets engine_workplace to the folder to unpack in, empty for the temporary one
#   engine_prepare FILE       does what can be done with FILE before anything changes
#   engine_keep_name SUFFIX   prints a name for the old database, and a dot
#   engine_present            prints what is in its place: database, parts (of one that is gone), nothing
#   engine_is_live FILE       true when FILE is a database in use, which a copy of the file would not hold
#   engine_in_use DATABASE    true when other processes have it open; sets engine_users and engine_blind
#   engine_replace FILE KEEP DAMAGED
#                             puts FILE in the place of the database, and keeps the old file as KEEP when
#                             that is not empty; as DAMAGED when SQLite cannot read it. Sets engine_kept,
#                             the name or nothing, and engine_late

# Ends the program when the database is something that cannot be replaced by a rename.
engine_replaceable() {
    [ ! -h "$engine_database" ] ||
        die 78 "the database $engine_shown is a symbolic link" "name the file that it leads to"
    [ ! -e "$engine_database" ] || [ -f "$engine_database" ] ||
        die 78 "the database $engine_shown is not a file"
}

# Sets engine_workplace to the folder in which a snapshot is unpacked: on the disk of the database.
engine_place() {
    engine_workplace=${engine_database%/*}
}

# Prints a free name for the old file: that of the database with the time, and $1, behind it, and a dot.
# Nothing else begins with it.
engine_keep_name() (
    time=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
    name=$engine_database.$time$1
    number=1
    while engine_taken "$name"*; do
        number=$((number + 1))
        name=$engine_database.$time-$number$1
    done
    printf '%s.' "$name"
)

engine_taken() {
    [ -e "$1" ] || [ -h "$1" ]
}

# Makes the content of file $1 ready: it is.
engine_prepare() {
    :
}

# Prints what is in the place of the database: a database, nothing, or parts of one that is gone.
engine_present() {
    if [ -s "$engine_database" ]; then
        printf 'database\n'
    elif [ -s "$engine_database-wal" ] || [ -s "$engine_database-journal" ]; then
        printf 'parts\n'
    else
        printf 'nothing\n'
    fi
}

# True when file $1 is not all of a database: what belongs to it lies beside it.
engine_is_live() {
    [ -s "$1-wal" ] || [ -s "$1-journal" ]
}

# True when other processes than $2... have file $1, else the database, open; engine_users says which. A connection that
# uses a log (WAL) is also found by its lock, whoever it belongs to; one with a journal holds no lock
# while it is idle, and is found only where this user may look. engine_blind is set where there is no
# way to look.
engine_in_use() {
    engine_users=
    engine_blind=
    engine_looked_at=${1-$engine_database}
    [ -e "$engine_looked_at" ] || return 1
    [ "$#" -eq 0 ] || shift
    engine_known=" $* "
    if [ -d /proc/self/fd ]; then
        for engine_open_file in /proc/[0-9]*/fd/*; do
            # shellcheck disable=SC3013 # the same file by another name, too; all shells have it
            [ "$engine_open_file" -ef "$engine_looked_at" ] || continue
            engine_user=${engine_open_file#/proc/}
            engine_user_add "${engine_user%%/*}"
        done
    elif command -v lsof >/dev/null; then
        for engine_user in $(lsof -t -- "$engine_looked_at" 2>/dev/null || :); do
            engine_user_add "$engine_user"
        done
    elif command -v fuser >/dev/null; then
        for engine_user in $(fuser "$engine_looked_at" 2>/dev/null || :); do
            engine_user_add "$engine_user"
        done
    else
        engine_blind="there is neither /proc nor lsof nor fuser"
    fi
    [ -n "$engine_users" ]
}

# Adds process $1 to engine_users, once, with its name where that is known.
engine_user_add() {
    case $engine_known in
    *" $1 "*) return ;;
    *) engine_known="$engine_known$1 " ;;
    esac
    engine_user_name=
    [ ! -r "/proc/$1/comm" ] || read -r engine_user_name <"/proc/$1/comm" || :
    engine_users="${engine_users:-process}${engine_users:+,} $1${engine_user_name:+ ($engine_user_name)}"
}

# True when file $1 says of itself that it works with a log (WAL): bytes 18 and 19 of an SQLite file.
engine_uses_log() {
    engine_bytes=$(od -An -tu1 -j18 -N2 -- "$1" 2>/dev/null) || return 1
    # shellcheck disable=SC2086 # two numbers, with blanks around them
    engine_bytes=$(printf '%s.' $engine_bytes)
    [ "$engine_bytes" = 2.2. ]
}

# Gives file $1, which is to be the database, what the database has as a file: its mode, its owner, its
# way to write (log or journal). Where there is none, the mode is that of a new file.
engine_dress() {
    engine_journal=DELETE
    if [ ! -e "$engine_database" ]; then
        ! engine_uses_log "$1" || engine_journal=WAL
        engine_bits=
    else
        ! engine_uses_log "$engine_database" || engine_journal=WAL
        engine_bits=$(stat -c %a -- "$engine_database" 2>/dev/null || stat -f %Lp "$engine_database") || engine_bits=600
        engine_owner=$(stat -c %u:%g -- "$engine_database" 2>/dev/null || stat -f %u:%g "$engine_database") || engine_owner=
        engine_has=$(stat -c %u:%g -- "$1" 2>/dev/null || stat -f %u:%g "$1") || engine_has=
        [ "$engine_owner" = "$engine_has" ] || chown -- "$engine_owner" "$1" 2>/dev/null || {
            chgrp -- "${engine_owner#*:}" "$1" 2>/dev/null || :
            warn "cannot give the new file the owner of the old one ($engine_owner)"
        }
    fi
    engine_shell "$1" "PRAGMA journal_mode = $engine_journal" || return 1
    if [ -n "$engine_bits" ]; then
        chmod -- "$engine_bits" "$1"
    else
        mode_of_new "$1"
    fi || warn "cannot give the new file the mode of the old one"
    sync -- "$1" 2>/dev/null || sync
}

# Puts file $1, in a folder of the program on the same disk, in the place of the database. The old file
# is kept as $2 when that is not empty. A database that SQLite cannot read any more cannot be locked; it
# is kept in any case, with what lies beside it, as $3. What was kept is then in engine_kept. engine_late
# says which processes opened the old file at the last moment. A signal does not stop what has begun here.
engine_replace() {
    trap '' HUP INT TERM
    engine_late=
    engine_dress "$1" || return 1
    export MIGRATE_SWAP_OLD="$engine_database" MIGRATE_SWAP_NEW="$1" MIGRATE_SWAP_KEEP="$2" MIGRATE_SWAP_LOCKED=yes
    export MIGRATE_SWAP_PART="$engine_programs/engines/sqlite/restore.sh"
    export MIGRATE_SWAP_STEP="$scratch/step" MIGRATE_SWAP_SAID="$scratch/said"
    # shellcheck disable=SC2016 # for the shell that runs it
    printf '%s\n' 'set -eu' '. "$MIGRATE_SWAP_PART"' engine_swap >"$scratch/step"
    : >"$scratch/said"
    # Exclusive locking from the first access on: then the log is emptied without shared memory, and its
    # mode can stay. `.shell` runs the step while the lock is held.
    engine_replace_locked=
    if [ -s "$engine_database" ]; then
        # shellcheck disable=SC2016 # for the shell that is started there
        if engine_shell "$engine_database" 'PRAGMA locking_mode = EXCLUSIVE' 'PRAGMA wal_checkpoint(TRUNCATE)' \
            'BEGIN EXCLUSIVE' '.shell exec sh <"$MIGRATE_SWAP_STEP"' || [ -s "$scratch/said" ]; then
            engine_replace_locked=yes
        else
            [ "$engine_status" != 75 ] || engine_message="$engine_shown is locked: another process works with it
hint: stop what works with it, then start again; nothing was changed"
            [ "$engine_status" = 65 ] || return 1
        fi
    fi
    if [ -z "$engine_replace_locked" ]; then
        export MIGRATE_SWAP_KEEP="$3" MIGRATE_SWAP_LOCKED=
        sh "$scratch/step" 2>"$scratch/error.text" || :
    fi
    read -r engine_said <"$scratch/said" || engine_said=
    case $engine_said in
    done*)
        engine_late=${engine_said#done}
        engine_late=${engine_late# }
        engine_kept=
        for engine_left in "$MIGRATE_SWAP_KEEP-journal" "$MIGRATE_SWAP_KEEP-wal" "$MIGRATE_SWAP_KEEP"; do
            [ ! -e "$engine_left" ] || engine_kept=$engine_left
        done
        return 0
        ;;
    open*)
        engine_status=75
        engine_message="$engine_shown is open in ${engine_said#open }
hint: stop what works with it, then start again; nothing was changed"
        ;;
    *)
        engine_status=74
        engine_message="cannot put the new file in the place of $engine_shown: $(
            sed '/^System command returns /d' "$scratch/error.text"
        )"
        ;;
    esac
    return 1
}

# The step itself, in a process of its own whose parent holds the lock.
engine_swap() {
    engine_old=$MIGRATE_SWAP_OLD
    engine_folder=${engine_old%/*}/
    if engine_in_use "$engine_old" "$PPID"; then
        printf 'open %s\n' "$engine_users" >"$MIGRATE_SWAP_SAID"
        return
    fi
    [ -z "$MIGRATE_SWAP_KEEP" ] || [ ! -s "$engine_old" ] || ln -- "$engine_old" "$MIGRATE_SWAP_KEEP"
    for engine_part in -wal -journal -shm; do
        engine_left=$engine_old$engine_part
        if [ -z "$MIGRATE_SWAP_LOCKED" ] && [ "$engine_part" != -shm ] && [ -s "$engine_left" ]; then
            mv -f -- "$engine_left" "$MIGRATE_SWAP_KEEP$engine_part"
        elif [ "$engine_part" = -wal ] && [ -s "$engine_left" ]; then
            printf 'there is still something in %s\n' "$engine_left" >&2
            return 1
        else
            rm -f -- "$engine_left"
        fi
    done
    sync -- "$engine_folder" 2>/dev/null || sync
    # Another name for the old file, to see afterwards who has opened it meanwhile.
    ln -- "$engine_old" "$MIGRATE_SWAP_NEW.old" 2>/dev/null || :
    mv -f -- "$MIGRATE_SWAP_NEW" "$engine_old"
    sync -- "$engine_folder" 2>/dev/null || sync
    engine_in_use "$MIGRATE_SWAP_NEW.old" "$PPID" || :
    rm -f -- "$MIGRATE_SWAP_NEW.old"
    printf 'done%s\n' "${engine_users:+ $engine_users}" >"$MIGRATE_SWAP_SAID"
}
