#!/usr/bin/env bats
# How the programs get to a server of MySQL or MariaDB, and what they say when they do not.

# shellcheck disable=SC2016 # the texts stand as they are

load ../helpers/migrate
load ../helpers/mysql
load connect

setup_file() {
    local address=
    # Not every machine has IPv6.
    ! grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null || address=::1
    export address
    mysql_start loopback $address
}

teardown_file() {
    mysql_stop
}

setup() {
    use_connect
    mysql_name=
    database=connect_$BATS_TEST_NUMBER
    mysql_run -e "CREATE DATABASE $database"
    here=127.0.0.1:$mysql_port/$database
    url=mysql://root:$mysql_password@$here
}

# A text as its bytes, for a statement.
bytes() { # <text>
    printf "X'%s'" "$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')"
}

# Makes a user of that name and password, who may do everything, at 127.0.0.1. Names are quoted as the
# server does it.
account() { # <name> <password>
    mysql_run --default-character-set=utf8mb4 <<SQL
SET @create = concat('CREATE USER ', quote($(bytes "$1")), '@127.0.0.1 IDENTIFIED BY ', quote($(bytes "$2")));
EXECUTE IMMEDIATE @create;
SET @allow = concat('GRANT ALL ON *.* TO ', quote($(bytes "$1")), '@127.0.0.1');
EXECUTE IMMEDIATE @allow;
SQL
}

@test "mysql: a URL leads to the server, and so does the other name of the scheme" {
    reaches "$url"
    reaches "mariadb${url#mysql}"
}

@test "mysql: user, password and database may have every printable character" {
    local all parts part name=0
    all=$(characters 32 126)
    # A name does not end in a blank, so the blank is not the last.
    parts=("${all:0:32}" "${all:32:32}" "${all:64}")
    for part in "${parts[@]}"; do
        account "$part" "$all"
        name=$(((name + 1) % 3))
        mysql_run <<<"SET @create = concat('CREATE DATABASE \`', replace($(bytes "${parts[name]}"), '\`', '\`\`'), '\`'); EXECUTE IMMEDIATE @create"
        reaches "mysql://$(encoded "$part"):$(encoded "$all")@127.0.0.1:$mysql_port/$(encoded "${parts[name]}")"
    done
}

@test "mysql: a password may be any of the characters alone, written as it is where a URL allows that" {
    local text
    account plain x
    for text in '!$&'\''()*+,;=' '-._~' ':' 'a:b:c' '[x]' '"' "\\" '\n' '|' '{`^}' '<>'; do
        mysql_run <<<"SET @change = concat('ALTER USER plain@127.0.0.1 IDENTIFIED BY ', quote($(bytes "$text"))); EXECUTE IMMEDIATE @change"
        reaches "mysql://plain:$text@$here"
    done
    for text in '#' ' # ' '%' '@/?' ' ' 'é'; do
        mysql_run --default-character-set=utf8mb4 <<<"SET @change = concat('ALTER USER plain@127.0.0.1 IDENTIFIED BY ', quote($(bytes "$text"))); EXECUTE IMMEDIATE @change"
        reaches "mysql://plain:$(encoded "$text")@$here"
    done
}

@test "mysql: an address of IPv6 stands in brackets" {
    [ -n "$address" ] || skip 'this machine has no IPv6'
    mysql_run -e "CREATE USER six@'::1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO six@'::1'"
    reaches "mysql://six:secret@[::1]:$mysql_port/$database"
}

@test "mysql: a socket is a parameter" {
    reaches "mysql://root:$mysql_password@localhost/$database?socket=$mysql_socket"
    reaches "mysql://root:$mysql_password@/$database?socket=$(encoded "$mysql_socket")"
}

@test "mysql: without a password in the URL, MYSQL_PWD, ~/.my.cnf and an option file have it" {
    local bare=mysql://root@$here
    MYSQL_PWD=$mysql_password reaches "$bare"
    printf '[client]\npassword = "%s"\n' "$mysql_password" >"it's 1.cnf"
    reaches "$bare?option-file=$(encoded "it's 1.cnf")"
    reaches "$bare?option-file=$(encoded "$PWD/it's 1.cnf")"
    mv "it's 1.cnf" "$HOME/.my.cnf"
    reaches "$bare"
    printf '[client]\r\nuser=root\r\npassword=%s\r\nhost=127.0.0.1\r\nport=%s\r\n' "$mysql_password" "$mysql_port" >"$HOME/.my.cnf"
    reaches "mysql:///$database"
}

@test "mysql: what the URL says wins" {
    printf '[client]\nuser = nobody\npassword = wrong\nhost = 127.0.0.2\nport = 1\nsocket = /nowhere\n' >"$HOME/.my.cnf"
    reaches "$url"
    MYSQL_PWD=wrong MYSQL_HOST=nowhere MYSQL_TCP_PORT=1 MYSQL_UNIX_PORT=/nowhere reaches "$url"
    reaches "mysql://root:wrong@$here?password=$mysql_password"
    printf '[mysql]\nuser = nobody\npassword = %s\nhost = 127.0.0.2\nport = 1\n[client]\nhost=127.0.0.2\n' "$mysql_password" >"$HOME/.my.cnf"
    reaches "mysql://root@$here"
}

@test "mysql: the client's own settings have no effect" {
    {
        printf '[client]\npassword = %s\ninit-command = CREATE DATABASE sabotage\n' "$mysql_password"
        printf '[mysql]\nforce\nxml\nhtml\ntable\nvertical\nexecute = SELECT 1\ndatabase = mysql\ntee = sabotaged\nraw\nsafe-updates\n'
        printf 'column-names\nskip-batch\ndelimiter = //\none-database\nnosuchoption\n!include /nowhere\n'
    } >"$HOME/.my.cnf"
    reaches "mysql://root@$here"
    DATABASE_URL=mysql://root@$here program_run sqlite-migrate up -q
    [ "$(mysql_run -N -e "SELECT version FROM $database.migration")" = 1 ]
    [ ! -e sabotaged ]
    [ "$(mysql_run -N -e "SHOW DATABASES LIKE 'sabotage'")" = "" ]
}

@test "mysql: says that an option file is not there" {
    DATABASE_URL="mysql://root@$here?option-file=nowhere.cnf" run --separate-stderr -78 reach
    [ "$stderr" = "sqlite-migrate: cannot read the option file nowhere.cnf
hint: the URL of the connection names it" ]
}

@test "mysql: says that user or password is wrong, and does not show it" {
    local denied="mysql://$here: Access denied for user 'root'@'127.0.0.1' (using password: YES)
hint: check user and password: in the URL, the option file or MYSQL_PWD"
    reaches_not "mysql://root:wrong-one@$here" 77 "$denied"
    MYSQL_PWD=wrong-one reaches_not "mysql://root@$here" 77 "$denied"
    printf '[client]\npassword=wrong-one\n' >"$HOME/.my.cnf"
    reaches_not "mysql://root@$here" 77 "$denied"
    reaches_not "mysql://nobody:secret@$here" 77 "${denied/\'root\'/\'nobody\'}"
}

@test "mysql: says that there is no password, and asks nobody for it" {
    local bare=mysql://root@$here
    local message="sqlite-migrate: cannot connect to mysql://$here: Access denied for user 'root'@'127.0.0.1' (using password: NO)
hint: check user and password: in the URL, the option file or MYSQL_PWD"
    reaches_not "$bare" 77 "${message#*connect to }"
    DATABASE_URL=$bare run --separate-stderr -77 timeout 60 "$root/scripts/sqlite-migrate" current <&-
    [ "$stderr" = "$message" ]
    DATABASE_URL=$bare run -77 timeout 60 script -qec "'$root/scripts/sqlite-migrate' current" typescript </dev/null
    [ "${output//$'\r'/}" = "$message" ]
    printf '[client]\npassword\n' >"$HOME/.my.cnf"
    DATABASE_URL=$bare run -77 timeout 60 script -qec "'$root/scripts/sqlite-migrate' current" typescript </dev/null
    [ "${output//$'\r'/}" = "$message" ]
}

@test "mysql: says that there is no such database" {
    reaches_not "mysql://root:$mysql_password@127.0.0.1:$mysql_port/no%60where" 66 "mysql://127.0.0.1:$mysql_port/no\`where: Unknown database 'no\`where'
hint: check the URL; CREATE DATABASE makes a database"
}

@test "mysql: says that no server answers" {
    reaches_not mysql://root:secret@127.0.0.1:1/app 69 "mysql://127.0.0.1:1/app: Can't connect to server on '127.0.0.1' (115)
hint: check the URL, and whether the server runs"
    reaches_not "mysql://root:secret@localhost/app?socket=$TMPDIR/none" 69 "mysql://localhost/app: Can't connect to local server through socket '$TMPDIR/none' (2)
hint: check the URL, and whether the server runs"
}

@test "mysql: says that there are too many connections" {
    account crowded secret
    mysql_run -e 'ALTER USER crowded@127.0.0.1 WITH MAX_USER_CONNECTIONS 1'
    mkfifo statements
    "$mysql_client" --no-defaults -h 127.0.0.1 -P "$mysql_port" -u crowded -psecret --unbuffered -N <statements >held 2>&1 3>&- &
    exec 4>statements
    printf 'SELECT 1;\n' >&4
    until [ -s held ]; do :; done
    reaches_not "mysql://crowded:secret@$here" 69 "mysql://$here: User 'crowded' has exceeded the 'max_user_connections' resource (current value: 1)
hint: try again later"
    exec 4>&-
    wait "$!"
}

@test "mysql: does without no encryption that the URL asks for" {
    reaches_not "$url?ssl-mode=VERIFY_IDENTITY" 69 "mysql://$here: TLS/SSL error: SSL is required, but the server does not support it
hint: check the URL, and whether the server runs"
    DATABASE_URL="$url?ssl-mode=REQUIRED" run --separate-stderr -78 reach
    [ "$stderr" = 'sqlite-migrate: the client of MariaDB cannot require encryption without a check of the certificate
hint: ssl-mode=VERIFY_IDENTITY, with ssl-ca where the certificate is your own' ]
    reaches "$url?ssl-mode=DISABLED"
    reaches "$url?ssl-mode=PREFERRED"
}

@test "mysql: a session has time limits of its own" {
    operation 0001 TASK-1 one 'CREATE TABLE one AS SELECT @@lock_wait_timeout AS waits, @@innodb_lock_wait_timeout AS waits_for_rows;'
    DATABASE_URL=$url program_run sqlite-migrate up -q --lock-timeout 1234
    [ "$(mysql_run -N -e "SELECT * FROM $database.one")" = '2	2' ]
}

@test "mysql: a password in an argument is warned of, once" {
    run --separate-stderr -0 program_run sqlite-migrate current --connection "$url"
    [ "$stderr" = 'sqlite-migrate: warning: the URL is an argument: everybody on this machine can see its password in the list of processes
hint: put it into the variable DATABASE_URL, or into DATABASE_URL_NAME for --connection NAME' ]
    run --separate-stderr -0 program_run capture-migration-status.sh staging "$url"
    [[ $stderr = "capture-migration-status.sh: warning: the URL is an argument: "* ]]
    [ "$(sed -n 's/^connection: //p' "$output")" = "mysql $database" ]
}

@test "mysql: nobody sees the password" {
    # Processes of other tests are looked at, too: nobody else has this one.
    local odd='s3$c"r\et'$BASHPID
    account keeper "$odd"
    keeps_secret "mysql://keeper:$(encoded "$odd")@$here" "$odd"
}
