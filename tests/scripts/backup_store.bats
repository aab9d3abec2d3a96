#!/usr/bin/env bats
# backup-database.sh: the folder of the snapshots, and how files come to be in it.

# shellcheck disable=SC2016,SC2119,SC2120 # quotes: for the stubs; `run` passes the arguments

load ../helpers/migrate
load front
load backup

setup() {
    use_scratch
    use_backup
}

@test "backup-database.sh: the folder and all files are for their owner only, whatever the umask" {
    umask 000
    backup -q
    backup --compress gzip -q
    [ "$(stat -c %a backups backups/.lock)" = "700
700" ]
    [ "$(find backups -type f ! -perm 600)" = "" ]
    [ "$(find backups -type f | wc -l)" -eq 5 ]
}

@test "backup-database.sh: leaves the mode of a folder that is there as it is" {
    mkdir -m 750 store
    backup --dir store -q
    [ "$(stat -c %a store)" = 750 ]
}

@test "backup-database.sh: refuses a folder that everybody may write into" {
    mkdir -m 777 store
    run --separate-stderr -77 backup --dir store
    [ "$stderr" = "backup-database.sh: everybody may write into the folder store, and put another file in the place of a snapshot
hint: chmod o-w does it" ]
    [ "$(ls -A store)" = "" ]
    chmod 1777 store
    backup --dir store -q
}

@test "backup-database.sh: makes the folder, with those above it, wherever it is to be" {
    local name
    for name in a/b/c $'odd "name"\n\'x\' %s\\' -dash 'şəф' "$PWD/absolute/"; do
        run --separate-stderr -0 backup --dir "$name"
        [ "$(settled "$output")" = "${name%/}/default_TIME_snapshot.sqlite" ]
        [ "$(sqlite3 "./${output#"$PWD/"}" "SELECT count(*) FROM users")" = 2 ]
    done
}

@test "backup-database.sh: follows a folder that is a symbolic link" {
    mkdir elsewhere
    ln -s elsewhere backups
    backup -q
    [ "$(kept elsewhere)" = "REGISTER.md
default_TIME_snapshot.sqlite
default_TIME_snapshot.sqlite.sha256" ]
}

@test "backup-database.sh: says when the folder cannot be one" {
    printf x >file
    run --separate-stderr -73 backup --dir file
    [ "$stderr" = "backup-database.sh: file is not a folder
hint: --dir or MIGRATE_BACKUP_DIR names the folder of the snapshots" ]
    run --separate-stderr -73 backup --dir file/below
    [ "$stderr" = "backup-database.sh: cannot make the folder file/below
hint: check the permissions and the free space where it is to be" ]
    local long
    long=$(printf '%0300d' 0)
    run --separate-stderr -73 backup --dir "$long"
    [ "$stderr" = "backup-database.sh: cannot make the folder $long
hint: check the permissions and the free space where it is to be" ]
}

@test "backup-database.sh: says when the folder is read-only" {
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a read-only folder"
    mkdir backups
    run --separate-stderr -77 unshare -rm sh -c 'mount --bind backups backups && mount -o remount,ro,bind backups && exec "$@"' \
        sh "$root/scripts/backup-database.sh"
    [ "$stderr" = "backup-database.sh: cannot write into the folder backups
hint: check its permissions, and whether its file system is read-only" ]
}

@test "backup-database.sh: two snapshots of the same second get different names, and none is overwritten" {
    stop_the_clock
    backup -q
    cp backups/default_20261121T101500Z_snapshot.sqlite first
    plain "INSERT INTO users (name) VALUES ('Carl')"
    [ "$(backup)" = backups/default_20261121T101500Z_snapshot-2.sqlite ]
    [ "$(backup --tables users)" = backups/default_20261121T101500Z_snapshot-3.partial.sqlite ]
    [ "$(backup --name other)" = backups/default_20261121T101500Z_other-4.sqlite ]
    [ "$(backup --list | tail -n 4 | cut -d ' ' -f 4)" = "default_20261121T101500Z_other-4.sqlite
default_20261121T101500Z_snapshot-3.partial.sqlite
default_20261121T101500Z_snapshot-2.sqlite
default_20261121T101500Z_snapshot.sqlite" ]
    cmp first backups/default_20261121T101500Z_snapshot.sqlite
    all_is_well
    [ "$(rows)" = 4 ]
}

@test "backup-database.sh: waits for the next second where a snapshot has this one" {
    backup -q
    backup -q
    [ "$(settled "$(snapshots)")" = "backups/default_TIME_snapshot.sqlite
backups/default_TIME_snapshot.sqlite" ]
}

@test "backup-database.sh: a clock that went back overwrites nothing" {
    stop_the_clock 20301121T101500Z
    backup -q
    stop_the_clock 20201121T101500Z
    backup -q
    [ "$(snapshots)" = "backups/default_20201121T101500Z_snapshot.sqlite
backups/default_20301121T101500Z_snapshot.sqlite" ]
    all_is_well
}

@test "backup-database.sh: a symbolic link in the place of a snapshot or its checksum is not followed" {
    stop_the_clock
    printf 'precious\n' >precious
    mkdir backups folder
    ln -s ../precious backups/default_20261121T101500Z_snapshot.sqlite
    ln -s ../precious backups/default_20261121T101500Z_snapshot-2.sqlite.sha256
    ln -s ../folder backups/default_20261121T101500Z_snapshot-3.sqlite
    ln -s ../nowhere backups/default_20261121T101500Z_snapshot-4.sqlite
    [ "$(backup)" = backups/default_20261121T101500Z_snapshot-5.sqlite ]
    [ "$(cat precious)" = precious ]
    [ "$(ls -A folder)" = "" ]
    [ ! -e nowhere ]
}

@test "backup-database.sh: a link that takes the name meanwhile is not followed" {
    stop_the_clock
    mkdir folder
    stub sync '[ -e swapped ] || { : >swapped; ln -s ../folder backups/default_20261121T101500Z_snapshot.sqlite; }
exec "$real" "$@"'
    run --separate-stderr -73 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot publish backups/default_20261121T101500Z_snapshot.sqlite: the name is taken" ]
    [ "$(ls -A folder)" = "" ]
    [ ! -e backups/REGISTER.md ]
}

@test "backup-database.sh: a link that takes the name at the last moment is noticed" {
    stop_the_clock
    mkdir folder
    # The real one would put the file into the folder.
    stub ln 'case $* in *.sqlite) [ -e swapped ] || { : >swapped; "$real" -s ../folder "${4-$3}"; } ;; esac
exec "$real" "$@"'
    run --separate-stderr -73 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot publish backups/default_20261121T101500Z_snapshot.sqlite: the name is taken" ]
    [ ! -e backups/REGISTER.md ]
}

@test "backup-database.sh: a lock or register that is a symbolic link is refused, and nothing is done" {
    mkdir backups elsewhere
    printf 'precious\n' >precious
    ln -s ../precious backups/REGISTER.md
    run --separate-stderr -77 backup
    [ "$stderr" = "backup-database.sh: backups/REGISTER.md is a symbolic link
hint: find out who made it, and remove it" ]
    ln -sfn ../nowhere backups/REGISTER.md
    run --separate-stderr -77 backup
    rm backups/REGISTER.md
    ln -s ../elsewhere backups/.lock
    run --separate-stderr -77 backup
    [ "$stderr" = "backup-database.sh: the lock backups/.lock is a symbolic link
hint: find out who made it, and remove it" ]
    rm backups/.lock
    mkdir backups/.lock
    ln -s ../../elsewhere backups/.lock/default
    run --separate-stderr -77 backup
    [ "$stderr" = "backup-database.sh: the lock backups/.lock/default is a symbolic link
hint: find out who made it, and remove it" ]
    [ "$(cat precious)" = precious ]
    [ "$(ls -A elsewhere)" = "" ]
    [ "$(snapshots)" = "" ]
}

@test "backup-database.sh: a file system that takes no lock is not taken for another run" {
    stub flock 'echo "flock: 9: Bad file descriptor" >&2; exit 65'
    run --separate-stderr -69 backup
    [ "${stderr_lines[1]}" = "backup-database.sh: cannot take the lock backups/.lock/default" ]
    [ "${stderr_lines[2]}" = "hint: the folder must be on a file system that takes locks on folders" ]
    stub flock 'case $* in *8) exit 65 ;; *) exec "$real" "$@" ;; esac'
    run --separate-stderr -69 backup
    [ "${stderr_lines[0]}" = "backup-database.sh: cannot take the lock backups/.lock/_register" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup-database.sh: removes what killed runs of the same connection have left, and nothing else" {
    mkdir -p backups/.new.default.AbC123 backups/.new.other.AbC123 backups/.new.default.x.AbC123 \
        backups/.new.default.AbC1234 elsewhere
    printf x >elsewhere/file
    printf x >backups/.new.default.AbC123/copy.sqlite
    ln -s ../elsewhere backups/.new.default.Link12
    printf 'mine\n' >backups/notes.txt
    backup -q
    [ "$(kept)" = ".new.default.XXXXXX4
.new.default.x.AbC123
.new.other.XXXXXX
REGISTER.md
default_TIME_snapshot.sqlite
default_TIME_snapshot.sqlite.sha256
notes.txt" ]
    [ -e elsewhere/file ]
}

@test "backup-database.sh: removes the checksum of a snapshot before which the run was killed, and no other" {
    mkdir -p backups/.new.default.AbC123
    local name
    for name in a b c; do
        printf '%064d  default_20261121T101500Z_%s.sqlite\n' 0 "$name" >"backups/.new.default.AbC123/default_20261121T101500Z_$name.sqlite.sha256"
    done
    ln backups/.new.default.AbC123/default_20261121T101500Z_a.sqlite.sha256 backups
    ln backups/.new.default.AbC123/default_20261121T101500Z_b.sqlite.sha256 backups
    printf x >backups/default_20261121T101500Z_b.sqlite
    printf 'other\n' >backups/default_20261121T101500Z_c.sqlite.sha256
    backup -q
    [ "$(cd backups && echo *_[abc].*)" = "default_20261121T101500Z_b.sqlite default_20261121T101500Z_b.sqlite.sha256 default_20261121T101500Z_c.sqlite.sha256" ]
}

@test "backup-database.sh: has the file on the disk before it has its name, and the name before it ends" {
    stub sync 'printf "sync %s\n" "$*" >>calls
exec "$real" "$@"'
    stub ln 'printf "ln %s\n" "$*" >>calls
exec "$real" "$@"'
    stub mv 'printf "mv %s\n" "$*" >>calls
exec "$real" "$@"'
    backup -q
    [ "$(settled "$(sed 's/ -f / /; s/ -- / /' calls)")" = "sync ./backups/.new.default.XXXXXX/copy.sqlite ./backups/.new.default.XXXXXX/default_TIME_snapshot.sqlite.sha256
sync ./backups/.register.XXXXXX
ln ./backups/.new.default.XXXXXX/default_TIME_snapshot.sqlite.sha256 ./backups/default_TIME_snapshot.sqlite.sha256
ln ./backups/.new.default.XXXXXX/copy.sqlite ./backups/default_TIME_snapshot.sqlite
sync ./backups
mv ./backups/.register.XXXXXX ./backups/REGISTER.md" ]
}

@test "backup-database.sh: a disk that does not take the file in the end is noticed" {
    stub sync 'echo "sync: error syncing: Input/output error" >&2; exit 1'
    run --separate-stderr -74 backup
    [ "$(settled "$stderr")" = "backup-database.sh: cannot write default_TIME_snapshot.sqlite to the disk: sync: error syncing: Input/output error
hint: check the disk" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup-database.sh: a file system without hard links is named, and nothing is left" {
    stub ln 'echo "ln: Operation not permitted" >&2; exit 1'
    run --separate-stderr -73 backup
    [ "$(settled "$stderr")" = "backup-database.sh: cannot publish backups/default_TIME_snapshot.sqlite: ln: Operation not permitted
hint: the folder must take hard links; nothing was overwritten" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

@test "backup-database.sh: a checksum to which no file came is taken back" {
    stub ln 'case $* in *.sha256) exec "$real" "$@" ;; *) echo "ln: out of luck" >&2; exit 1 ;; esac'
    run --separate-stderr -73 backup
    [ "$(settled "${stderr_lines[0]}")" = "backup-database.sh: cannot publish backups/default_TIME_snapshot.sqlite: ln: out of luck" ]
    [ "$(kept)" = "" ]
    nothing_is_left
}

# Runs the program with a small file system in the place of backups; at the end, lists what is there.
on_small_disk() { # <options of tmpfs> <argument>...
    unshare -rm true 2>/dev/null || skip "this machine lets nobody mount a small file system"
    local options=$1
    shift
    mkdir -p backups
    run --separate-stderr unshare -rm sh -c 'mount -t tmpfs -o "$1" none backups || exit
        [ ! -e ballast ] || cp ballast backups/REGISTER.md
        program=$2
        shift 2
        "$program" "$@"
        status=$?
        find backups -mindepth 1 -name .lock -prune -o -mindepth 1 -printf "%P\n" | sort
        exit "$status"
    ' sh "$options" "$root/scripts/backup-database.sh" "$@"
}

# A database of 400 KiB that cannot be compressed.
big_database() {
    plain "CREATE TABLE big (x)" "INSERT INTO big VALUES (randomblob(400000))"
}

@test "backup-database.sh: does not begin where there is not enough room" {
    big_database
    on_small_disk size=300k,mode=700
    [ "$status" -eq 74 ]
    [ "$(printf '%s' "$stderr" | sed -E 's/[0-9]+ KiB/N KiB/g')" = "backup-database.sh: not enough room in backups: a snapshot of app.db may need N KiB, and N KiB are free
hint: remove what is not needed, or name another folder with --dir" ]
    [ "$output" = "" ]
}

@test "backup-database.sh: what is encrypted needs the room twice" {
    big_database
    age-keygen -o key.txt 2>/dev/null
    on_small_disk size=600k,mode=700 --encrypt "age:$(age-keygen -y key.txt)"
    [ "$status" -eq 74 ]
    [[ $stderr == "backup-database.sh: not enough room in backups: "* ]]
}

# A df that says that there is room.
hopeful() {
    stub df 'printf "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a b 9 1 99999999 1%% /\n"'
}

@test "backup-database.sh: a disk that is full during the copy leaves nothing" {
    big_database
    hopeful
    on_small_disk size=300k,mode=700
    [ "$status" -eq 74 ]
    [[ ${stderr_lines[0]} == "backup-database.sh: cannot copy app.db: "*"full"* ]]
    [ "$output" = "" ]
    export MIGRATE_EXTENSION=nosuch
    on_small_disk size=300k,mode=700
    [ "$status" -eq 74 ]
    [[ ${stderr_lines[0]} == "backup-database.sh: cannot copy app.db: "*"full"* ]]
    [ "$output" = "" ]
}

@test "backup-database.sh: a disk that is full during the compression leaves nothing" {
    big_database
    on_small_disk size=600k,mode=700 --compress gzip
    [ "$status" -eq 74 ]
    [ "$stderr" = "backup-database.sh: gzip failed: gzip: stdout: No space left on device
hint: the snapshot was not kept" ]
    [ "$output" = "" ]
}

@test "backup-database.sh: a disk that is full during the encryption leaves nothing" {
    big_database
    hopeful
    age-keygen -o key.txt 2>/dev/null
    on_small_disk size=600k,mode=700 --encrypt "age:$(age-keygen -y key.txt)"
    [ "$status" -eq 74 ]
    [[ ${stderr_lines[0]} == "backup-database.sh: age failed: "*"no space left"* ]]
    [ "$output" = "" ]
}

@test "backup-database.sh: a register that cannot be written keeps the snapshot from being published" {
    big_database
    hopeful
    # The row does not fit into the last page of the file.
    head -c 4090 /dev/zero | tr '\0' x >ballast
    stub tail 'head -c 10000000 /dev/zero 2>/dev/null >backups/filler; exec "$real" "$@"'
    on_small_disk size=700k,mode=700
    [ "$status" -eq 74 ]
    [ "$stderr" = "backup-database.sh: cannot write backups/REGISTER.md
hint: check the free space, the permissions and the disk" ]
    [ "$output" = "REGISTER.md
filler" ]
}

@test "backup-database.sh: a file system without room for another name is no matter for what is there" {
    on_small_disk size=10m,mode=700,nr_inodes=3
    [ "$status" -eq 73 ]
    [[ ${stderr_lines[0]} == "backup-database.sh: cannot make "* ]]
    [ "$output" = "" ]
}

@test "backup-database.sh: a file that may not grow is an error of the disk" {
    big_database
    run --separate-stderr -74 bash -c 'ulimit -f 100; exec "$@"' bash "$root/scripts/backup-database.sh"
    [ "$(kept)" = "" ]
    MIGRATE_EXTENSION=nosuch run --separate-stderr -74 bash -c 'ulimit -f 100; exec "$@"' bash "$root/scripts/backup-database.sh"
    [ "$(kept)" = "" ]
    nothing_is_left
}
