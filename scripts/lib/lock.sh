# shellcheck shell=sh disable=SC2154
# Locks between programs: flock(1) on an open folder below $store/.lock, so that the kernel gives the
# lock back when its holder dies, however it dies, and there is no lock file to be left over or attacked.
#
# Descriptor 9 is the lock of a label (one run a connection), 8 that of the registers. A child that may
# outlive the program must not inherit them, or the lock lives as long as the child: `9<&- 8<&-`.

# Makes the folder that a lock is taken on, and sets lock_path to it.
lock_folder() {
    command -v flock >/dev/null || die 69 "there is no flock, which keeps two runs apart" "install the package util-linux"
    lock_path=$store/.lock/$1
    for lock_folder in "$store/.lock" "$lock_path"; do
        [ ! -h "$lock_folder" ] || die 77 "the lock ${lock_folder#./} is a symbolic link" "find out who made it, and remove it"
        [ -d "$lock_folder" ] || mkdir -- "$lock_folder" 2>/dev/null || [ -d "$lock_folder" ] ||
            die 73 "cannot make the folder ${lock_folder#./}" "check its permissions, the free space and the free inodes"
    done
}

# Takes the lock of label $1, without waiting. Nothing is done twice at a time.
lock_take() {
    lock_folder "$1"
    # With `command`, a folder that cannot be opened does not end the shell before the message.
    { command exec 9<"$lock_path"; } 2>/dev/null || die 77 "cannot open the lock ${lock_path#./}" "it belongs to another user"
    lock_status=0
    flock -n 9 9<&9 || lock_status=$?
    case $lock_status in
    0) ;;
    1) die 75 "another run works on the snapshots of $1" "wait until it has ended" ;;
    *) die 69 "cannot take the lock ${lock_path#./}" "the folder must be on a file system that takes locks on folders" ;;
    esac
}

lock_release() {
    exec 9<&-
}

# Takes the lock of the registers. It is held for as long as it takes to copy a file, so this waits.
lock_take_register() {
    lock_folder _register
    { command exec 8<"$lock_path"; } 2>/dev/null || die 77 "cannot open the lock ${lock_path#./}" "it belongs to another user"
    lock_tries=60
    until flock -n 8 8<&8; do
        [ "$?" -eq 1 ] || die 69 "cannot take the lock ${lock_path#./}" "the folder must be on a file system that takes locks on folders"
        lock_tries=$((lock_tries - 1))
        [ "$lock_tries" -gt 0 ] || die 75 "another run holds the lock of the registers" "wait until it has ended"
        sleep 1 9<&- 8<&-
    done
}

lock_release_register() {
    exec 8<&-
}
