# What it takes to get to a server: programs with nothing set but the URL, and what they may not give away.

# To be called in setup(): nothing is set but what a test sets. The home folder is empty.
use_connect() {
    use_scratch
    local name
    for name in "${!PG@}" "${!MYSQL_@}" "${!DATABASE_URL@}"; do
        unset "$name"
    done
    unset APP_ENV
    export MIGRATE_EXTENSION=$extension HOME=$BATS_TEST_TMPDIR/home TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$HOME" "$TMPDIR"
    operation 0001 TASK-1 one 'CREATE TABLE one (id int);' 'DROP TABLE one;'
}

# Runs a program of scripts/ in the shell $shell (words without quotes), else as its first line says.
program_run() { # <program> <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    timeout 60 ${shell-} "$root/scripts/$1" "${@:2}" </dev/null
}

# Goes to the database at $DATABASE_URL.
reach() {
    program_run sqlite-migrate current
}

# Expects that it gets there.
reaches() { # <url>
    DATABASE_URL=$1 run --separate-stderr -0 reach
    [ "$output$stderr" = 0 ] || {
        printf '%s\n' "$output" "$stderr"
        return 1
    }
}

# Expects that it does not: a status and a message.
reaches_not() { # <url> <status> <message>
    DATABASE_URL=$1 run --separate-stderr "-$2" reach
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: cannot connect to $3" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
}

# A text with each of its bytes in hexadecimal, as URLs have it.
encoded() { # <text>
    printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'
}

# The printable characters from one code to another.
characters() { # <first> <last>
    local code
    for ((code = $1; code <= $2; code++)); do
        # shellcheck disable=SC2059 # the format is the character
        printf "\\x$(printf %x "$code")"
    done
}

# Puts a program in front of each that the programs may call: it writes down its arguments, and, where it
# is a client, those of all processes as long as that runs.
spy() {
    local name
    mkdir -p spies
    for name in awk basename cat chmod cmp cp cut date dd dirname env expr grep head id ln mkdir mkfifo mktemp mv od \
        openssl printf readlink rm sed sha256sum sleep sort sqlite3 stat tail tee tr uname wc; do
        cat >"spies/$name" <<STUB
#!/bin/sh
printf '%s\n' '$name' "\$@" >>'$PWD/spied'
exec '$(type -P "$name")' "\$@"
STUB
    done
    for name in psql mariadb mysql; do
        cat >"spies/$name" <<STUB
#!/bin/sh
printf '%s\n' 'client $name' "\$@" >>'$PWD/spied'
rm -f '$PWD/ended'
exec 3<&0
{ status=0; '$(type -P "$name")' "\$@" <&3 3<&- || status=\$?; echo "\$status" >'$PWD/ended'; } &
while [ ! -s '$PWD/ended' ]; do cat /proc/[0-9]*/cmdline >>'$PWD/spied' 2>/dev/null; done
wait
exit "\$(cat '$PWD/ended')"
STUB
    done
    chmod +x spies/*
}

# Expects that a program that is given the URL tells nobody the password: in every shell, in its output, in
# files, in the arguments of any process.
keeps_secret() { # <url> <password>
    local shell
    spy
    export DATABASE_URL=$1
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        {
            PATH=$PWD/spies:$PATH program_run sqlite-migrate status
            PATH=$PWD/spies:$PATH program_run capture-migration-status.sh "${shell%% *}"
            PATH=$PWD/spies:$PATH program_run check-config-drift.sh "${shell%% *}"
        } >said 2>&1
        grep -q '^client ' spied && grep -q '^awk' spied && grep -q 'TASK-1' said
        run ! grep -raF -- "$2" .
        rm spied
    done
    [ "$(find "$TMPDIR" -mindepth 1)" = "" ]
}
