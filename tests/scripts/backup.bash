# backup-database.sh, as a person or a cron job calls it, and what it works on.

# To be called in setup(), after use_scratch: app.db with two people in it.
use_backup() {
    use_front_database
    rmdir "$folder"
    export MIGRATE_ACTOR=carol
    plain "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)" \
        "INSERT INTO users (name) VALUES ('Ann'), ('Bob')"
}

# Runs the program in the shell $shell (words without quotes), else as its first line says.
backup() { # <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-} "$root/scripts/backup-database.sh" "$@" </dev/null
}

# From here on the extension cannot be loaded, and copies are made by the shell alone.
without_extension() {
    export MIGRATE_EXTENSION=nosuch
}

# Text without what differs from run to run.
settled() { # <text>
    printf '%s' "$1" | sed -E 's/[0-9]{8}T[0-9]{6}Z/TIME/g; s/[0-9a-f]{64}/SUM/g; s/\.(new\.[a-z]+|register)\.[A-Za-z0-9]{6}/.\1.XXXXXX/g'
}

# What is in the folder of the snapshots, but for the locks; names without their times.
kept() { # [<folder>]
    settled "$(find "${1-backups}" -mindepth 1 -name .lock -prune -o -mindepth 1 -printf '%P\n' | sort)"
}

# The snapshots, as paths.
snapshots() {
    find backups -maxdepth 1 -type f -name '*.sqlite*' ! -name '*.sha256' | sort
}

# The rows of the register.
rows() {
    grep -c '^| 20' backups/REGISTER.md || :
}

# True when each file that has the name of a snapshot is good, and nothing else is left of a run.
all_is_well() {
    local file
    (cd backups && sha256sum --quiet -c -- *.sha256) || return
    [ "$(find backups -name '*.sha256' | wc -l)" -eq "$(snapshots | wc -l)" ] || return
    for file in $(snapshots); do
        backup --verify "$file" -q || return
    done
    nothing_is_left
}

# True when no temporary file is left anywhere.
nothing_is_left() {
    [ "$(find backups "$TMPDIR" -name '.new.*' -o -name '.register.*' -o -path "$TMPDIR/*")" = "" ]
}

# Puts a program in front of the real one, whose path is in $real there.
stub() { # <name> <text>
    mkdir -p stubs
    printf '#!/bin/sh\nreal=%s\n%s\n' "$(PATH=${PATH#"$PWD/stubs:"} command -v "$1")" "$2" >"stubs/$1"
    chmod +x "stubs/$1"
    case $PATH in
    "$PWD/stubs:"*) ;;
    *) PATH=$PWD/stubs:$PATH ;;
    esac
}

# From here on, programs are found but for those that are named.
without() { # <name>...
    local tool
    mkdir tools
    ln -s /usr/bin/* /bin/* tools 2>/dev/null || :
    for tool; do
        rm -f "tools/$tool"
    done
    # shellcheck disable=SC2123 # it is the search path that is meant
    PATH=$PWD/tools
}

# From here on, each run is in another second than the one before it.
fast_clock() {
    : >ticks
    # shellcheck disable=SC2016 # the stub expands these
    stub date 'ticks='"'$PWD/ticks'"'
case $* in
*%Y%m%d*) printf x >>"$ticks" && printf "20261121T10%04dZ\n" "$(wc -c <"$ticks")" ;;
*) exec "$real" "$@" ;;
esac'
}

# From here on it is always the same second.
stop_the_clock() { # [<time>]
    stub date "case \$* in *%Y%m%d*) echo ${1-20261121T101500Z} ;; *) exec \"\$real\" \"\$@\" ;; esac"
    stub sleep :
}

# A stub that says when it begins, and then stops until it is let go.
hanging() { # <name>
    mkfifo ready let_go
    stub "$1" "echo ready >'$PWD/ready'; read -r _ <'$PWD/let_go'"
}

# From here on, the shell that copies writes its process number into the pipe `began` as it begins.
announce_copier() {
    mkfifo began
    # shellcheck disable=SC2016 # the stub expands these
    stub sqlite3 'case $* in *-readonly*) [ -e announced ] || { : >announced; echo $$ >began; } ;; esac
exec "$real" "$@"'
}

# Locks the database so that nobody can read it.
lock_database() {
    mkfifo held let_go
    {
        printf 'BEGIN EXCLUSIVE;\n.shell echo held > held\n'
        cat let_go
    } | sqlite3 -batch -bail -init /dev/null "$db" 3>&- &
    holder=$!
    read -r _ <held
}

unlock_database() {
    : >let_go
    wait "$holder"
    rm held let_go
}

# The bank: a database in which every transaction keeps the sum of all balances, and a log that holds
# as many lines as the counter says.
bank() { # <journal mode> <accounts>
    rm -f "$db"
    plain "PRAGMA journal_mode = $1" "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER, filler TEXT)" \
        "CREATE TABLE log (seq INTEGER PRIMARY KEY, a, b)" "CREATE INDEX log_a ON log (a)" \
        "CREATE TABLE counter (n INTEGER)" "INSERT INTO counter VALUES (0)" \
        "INSERT INTO account WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
         SELECT i, 100, hex(randomblob(450)) FROM n" >mode
}

# Moves money between accounts as fast as it can, until it is told to end. Returns once it has begun.
bank_open() { # <accounts>
    mkfifo begun
    : >working
    {
        awk -v accounts="$1" 'BEGIN {
            srand(7)
            for (n = 1; ; n++) {
                a = 1 + int(rand() * accounts); b = 1 + int(rand() * accounts)
                print "BEGIN IMMEDIATE; UPDATE account SET balance = balance - 5 WHERE id = " a ";"
                print "UPDATE account SET balance = balance + 5 WHERE id = " b ";"
                print "INSERT INTO log (a, b) VALUES (" a ", " b "); UPDATE counter SET n = n + 1; COMMIT;"
                if (n == 20) print ".shell echo begun > begun"
                if (n % 20 == 0 && (getline line <"working") < 0) exit
                close("working")
            }
        }'
    } | sqlite3 -batch -bail -init /dev/null -cmd '.timeout 20000' "$db" 3>&- &
    teller=$!
    read -r _ <begun
}

bank_close() {
    rm working
    wait "$teller"
}

# What a copy of the bank is worth: ok, and how many transfers it knows.
bank_audit() { # <file>
    sqlite3 -batch -init /dev/null -list -noheader "$1" "PRAGMA integrity_check" \
        "SELECT CASE WHEN (SELECT sum(balance) FROM account) = 100 * (SELECT count(*) FROM account)
            AND (SELECT n FROM counter) = (SELECT count(*) FROM log)
            AND (SELECT n FROM counter) = (SELECT max(seq) FROM log) THEN 'balanced' ELSE 'torn' END"
}
