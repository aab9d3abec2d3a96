# shellcheck shell=sh
# The temporary folder of a run, and what becomes of it and of a running client when a signal comes.

scratch=
scratch_file=   # a database that is not complete yet, and goes with the folder
scratch_beside= # a folder elsewhere, on the disk of what is made, which goes with it too
scratch_last=   # a function that is called before they go
scratch_child=
scratch_starting= # set by who starts a client, until scratch_wait knows its number
scratch_missed=   # a signal came meanwhile
scratch_signalled=

# Makes the folder $scratch, which goes when the program ends; the traps come first, for a signal may, too.
scratch_make() {
    [ -z "$scratch" ] || return 0
    trap scratch_remove EXIT
    trap 'scratch_on_signal HUP' HUP
    trap 'scratch_on_signal INT' INT
    trap 'scratch_on_signal TERM' TERM
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/sqlite-migrate.XXXXXX") ||
        die 73 "cannot make a temporary folder" "check TMPDIR, its permissions and the free space"
}

scratch_remove() {
    [ -z "$scratch_last" ] || ("$scratch_last") || : # the folder, which may hold a password, goes all the same
    scratch_last=
    [ -z "$scratch_file" ] ||
        rm -f -- "$scratch_file" "$scratch_file-journal" "$scratch_file-wal" "$scratch_file-shm"
    scratch_file=
    [ -z "$scratch_beside" ] || rm -rf -- "$scratch_beside"
    scratch_beside=
    # What a signal has ended may still be writing its last file.
    [ -z "$scratch" ] || rm -rf -- "$scratch" 2>/dev/null || { sleep 1 && rm -rf -- "$scratch"; } || :
    scratch=
}

scratch_on_signal() {
    scratch_signalled=$1
    if [ -n "$scratch_starting" ]; then
        scratch_missed=yes
    elif [ -z "$scratch_child" ]; then
        scratch_end
    else
        scratch_pass_on
    fi
}

# Asks the client to stop, and to say what it left, where its process number is in $scratch/client.
scratch_pass_on() {
    scratch_passed=yes
    while [ -e "$scratch/client" ] && [ ! -s "$scratch/client" ] && kill -s 0 "$scratch_child" 2>/dev/null; do
        :
    done
    if [ -s "$scratch/client" ]; then
        read -r scratch_client <"$scratch/client"
        kill -s INT "$scratch_client" 2>/dev/null || :
    else
        kill -s TERM "$scratch_child" 2>/dev/null || :
    fi
}

# What a shell starts in the background ignores an interrupt; a client of a server does so until it is
# connected. So it is repeated, and at last the client $1 is ended.
scratch_insist() {
    for scratch_signal in 0 0 0 0 INT 0 0 0 0 INT 0 0 0 0 TERM; do
        sleep 0.1 9<&- 8<&- 7<&- 2>/dev/null || sleep 1 9<&- 8<&- 7<&-
        kill -s "$scratch_signal" "$1" 2>/dev/null || break
    done
}

# Waits for the client $1; $2 is `insist` for one that may not hear a signal. A signal ends `wait`, but not
# the client. Some shells announce there what a signal did to it, which is nothing new.
scratch_wait() {
    scratch_child=$1
    scratch_passed=
    scratch_starting=
    [ -z "$scratch_missed" ] || scratch_pass_on
    scratch_missed=
    scratch_status=0
    wait "$1" 2>/dev/null || scratch_status=$?
    if [ -n "$scratch_passed" ] && [ -n "${2-}" ]; then
        scratch_insist "$1"
        scratch_status=0
        wait "$1" 2>/dev/null || scratch_status=$?
    fi
    while [ -n "$scratch_signalled" ] && kill -s 0 "$1" 2>/dev/null; do
        scratch_status=0
        wait "$1" 2>/dev/null || scratch_status=$?
    done
    scratch_child=
    return "$scratch_status"
}

# dash skips the EXIT trap when a signal kills it, so signals clean up for themselves and then die of
# the same signal, which is what the caller's wait status has to show.
scratch_end() {
    trap - EXIT "$scratch_signalled"
    scratch_remove
    kill -s "$scratch_signalled" "$$"
}
