#!/usr/bin/env bats
# How the programs get to a server of PostgreSQL, and what they say when they do not.

# shellcheck disable=SC2016 # the texts stand as they are

load ../helpers/migrate
load ../helpers/postgresql
load connect

setup_file() {
    local address=
    # Not every machine has IPv6.
    ! grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null || address=::1
    export address
    postgresql_start loopback $address
    admin_place=$PGHOST
    export admin_place port=$PGPORT password=$postgresql_password
}

teardown_file() {
    postgresql_stop
}

setup() {
    use_connect
    database=connect_$BATS_TEST_NUMBER
    admin -v "name=$database" <<<'CREATE DATABASE :"name";'
    here=127.0.0.1:$port/$database
    url=postgresql://tester:$password@$here
}

# Runs the client as the superuser, by the socket.
admin() { # <argument>...
    PGHOST=$admin_place PGPORT=$port PGUSER=tester PGDATABASE=${on-postgres} \
        "$postgresql_client" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# Makes a user of that name and password, who may do everything in $database.
account() { # <name> <password>
    admin -v "name=$1" -v "password=$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
SQL
    on=$database admin -v "name=$1" <<<'GRANT ALL ON SCHEMA public TO :"name";'
}

@test "postgresql: a URL leads to the server, and so does each name of the scheme" {
    reaches "$url"
    reaches "postgres${url#postgresql}"
    reaches "pgsql${url#postgresql}"
}

@test "postgresql: user, password and database may have every printable character" {
    local all parts part name=0
    all=$(characters 32 126)
    parts=("${all:0:32}" "${all:32:32}" "${all:64}")
    for part in "${parts[@]}"; do
        account "$part" "$all"
        admin -v "name=${parts[name = (name + 1) % 3]}" <<<'CREATE DATABASE :"name";'
        reaches "postgresql://$(encoded "$part"):$(encoded "$all")@127.0.0.1:$port/$(encoded "${parts[name]}")"
    done
}

@test "postgresql: a password may be any of the characters alone, written as it is where a URL allows that" {
    local text
    account plain x
    for text in '!$&'\''()*+,;=' '-._~' ':' 'a:b:c' '[x]' '"' "\\" '|' '{`^}' '<>'; do
        admin -v "password=$text" <<<"ALTER ROLE plain PASSWORD :'password';"
        reaches "postgresql://plain:$text@$here"
    done
}

@test "postgresql: an address of IPv6 stands in brackets" {
    [ -n "$address" ] || skip 'this machine has no IPv6'
    reaches "postgresql://tester:$password@[::1]:$port/$database"
}

@test "postgresql: of several hosts, the first that answers is taken" {
    reaches "postgresql://tester:$password@127.0.0.1:1,127.0.0.1:$port/$database"
}

@test "postgresql: a socket is a host, in the host or as a parameter" {
    reaches "postgresql://tester@$(encoded "$admin_place"):$port/$database"
    reaches "postgresql:///$database?host=$admin_place&port=$port&user=tester"
}

@test "postgresql: without a password in the URL, PGPASSWORD, PGPASSFILE and ~/.pgpass have it" {
    local bare=postgresql://tester@$here
    PGPASSWORD=$password reaches "$bare"
    printf '*:%s:*:tester:%s\n' "$port" "$password" >passwords
    chmod 600 passwords
    PGPASSFILE=$PWD/passwords reaches "$bare"
    reaches "$bare?passfile=$(encoded "$PWD/passwords")"
    mv passwords "$HOME/.pgpass"
    reaches "$bare"
}

@test "postgresql: the password in the URL wins" {
    printf '*:*:*:*:wrong\n' >"$HOME/.pgpass"
    chmod 600 "$HOME/.pgpass"
    PGPASSWORD=wrong PGPASSFILE=$HOME/.pgpass reaches "$url"
    reaches "postgresql://tester:wrong@$here?password=$password"
}

@test "postgresql: a service file may have everything" {
    printf '[app]\nhost=127.0.0.1\nport=%s\nuser=tester\npassword=%s\ndbname=%s\n' "$port" "$password" "$database" >"$HOME/.pg_service.conf"
    reaches 'postgresql://?service=app'
    mv "$HOME/.pg_service.conf" services
    PGSERVICEFILE=$PWD/services reaches 'postgresql:///?service=app'
    PGSERVICEFILE=$PWD/services PGSERVICE=app reaches postgresql://
}

@test "postgresql: what the environment says of another server does not lead away from the URL" {
    printf '[other]\nhost=127.0.0.1\nport=1\nuser=nobody\ndbname=nowhere\n' >services
    PGSERVICEFILE=$PWD/services PGSERVICE=other PGHOST=/nowhere PGHOSTADDR=127.0.0.2 PGPORT=1 PGUSER=nobody PGDATABASE=nowhere reaches "$url"
}

@test "postgresql: the start-up files of the client have no effect" {
    cat >"$HOME/.psqlrc" <<'RC'
\set ON_ERROR_STOP off
\pset format html
\! touch sabotaged
\setenv PGOPTIONS '-c search_path=nowhere'
SELECT 'sabotage';
RC
    PSQLRC=$HOME/.psqlrc reaches "$url"
    DATABASE_URL=$url program_run sqlite-migrate up -q
    [ "$(on=$database admin -c 'SELECT version FROM migration')" = 1 ]
    [ ! -e sabotaged ]
}

@test "postgresql: says that user or password is wrong, and does not show it" {
    local denied="postgresql://$here: password authentication failed for user \"tester\"
hint: check user and password: in the URL, PGPASSWORD, PGPASSFILE or ~/.pgpass"
    reaches_not "postgresql://tester:wrong-one@$here" 77 "$denied"
    PGPASSWORD=wrong-one reaches_not "postgresql://tester@$here" 77 "$denied"
    printf '*:*:*:*:wrong-one\n' >"$HOME/.pgpass"
    chmod 600 "$HOME/.pgpass"
    reaches_not "postgresql://tester@$here" 77 "$denied"
    reaches_not "postgresql://nobody:secret@$here" 77 "${denied//tester/nobody}"
}

@test "postgresql: says that there is no password, and asks nobody for it" {
    local bare=postgresql://tester@$here
    local message="sqlite-migrate: cannot connect to postgresql://$here: fe_sendauth: no password supplied
hint: check user and password: in the URL, PGPASSWORD, PGPASSFILE or ~/.pgpass"
    reaches_not "$bare" 77 "${message#*connect to }"
    DATABASE_URL=$bare run --separate-stderr -77 timeout 60 "$root/scripts/sqlite-migrate" current <&-
    [ "$stderr" = "$message" ]
    DATABASE_URL=$bare run -77 timeout 60 script -qec "'$root/scripts/sqlite-migrate' current" typescript </dev/null
    [ "${output//$'\r'/}" = "$message" ]
}

@test "postgresql: says that there is no such database" {
    reaches_not "postgresql://tester:$password@127.0.0.1:$port/no%22where" 66 "postgresql://127.0.0.1:$port/no\"where: database \"no\"where\" does not exist
hint: check the URL; createdb makes a database"
}

@test "postgresql: says that no server answers" {
    reaches_not postgresql://tester:secret@127.0.0.1:1/app 69 'postgresql://127.0.0.1:1/app: Connection refused
	Is the server running on that host and accepting TCP/IP connections?
hint: check the URL, and whether the server runs'
    reaches_not "postgresql:///app?host=$TMPDIR" 69 "postgresql:///app: No such file or directory
	Is the server running locally and accepting connections on that socket?
hint: check the URL, and whether the server runs"
}

@test "postgresql: says that there are too many connections" {
    account crowded secret
    admin -c 'ALTER ROLE crowded CONNECTION LIMIT 0'
    reaches_not "postgresql://crowded:secret@$here" 69 "postgresql://$here: too many connections for role \"crowded\"
hint: try again later"
    account crowd secret
    admin -c "ALTER DATABASE $database CONNECTION LIMIT 0"
    reaches_not "postgresql://crowd:secret@$here" 69 "postgresql://$here: too many connections for database \"$database\"
hint: try again later"
}

@test "postgresql: does without no encryption that the URL asks for" {
    reaches_not "$url?sslmode=require" 69 "postgresql://$here: server does not support SSL, but SSL was required
hint: check the URL, and whether the server runs"
    reaches "$url?sslmode=disable"
}

@test "postgresql: a session has the options of the URL, its own time limits, and says who it is" {
    local text="SELECT concat_ws(' ', current_setting('work_mem'), current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('application_name'))"
    operation 0001 TASK-1 one "CREATE TABLE one AS $text AS said;"
    DATABASE_URL="$url?options=-c%20work_mem%3D7MB&application_name=mine" MIGRATE_STATEMENT_TIMEOUT=60000 \
        program_run sqlite-migrate up -q --lock-timeout 1234
    [ "$(on=$database admin -c 'SELECT said FROM one')" = '7MB 1234ms 1min mine' ]
}

@test "postgresql: works in the schema that is named" {
    on=$database admin -c 'CREATE SCHEMA "my ""own\x"'
    MIGRATE_SCHEMA='my "own\x' DATABASE_URL=$url program_run sqlite-migrate up -q
    [ "$(on=$database admin -c 'SELECT string_agg(schemaname || tablename, $$ $$ ORDER BY 1) FROM pg_tables WHERE schemaname !~ $$^(pg_|inf)$$')" = 'my "own\xmigration my "own\xmigration_log my "own\xone' ]
}

@test "postgresql: a password in an argument is warned of, once" {
    run --separate-stderr -0 program_run sqlite-migrate current --connection "$url"
    [ "$stderr" = 'sqlite-migrate: warning: the URL is an argument: everybody on this machine can see its password in the list of processes
hint: put it into the variable DATABASE_URL, or into DATABASE_URL_NAME for --connection NAME' ]
    run --separate-stderr -0 program_run capture-migration-status.sh staging "$url"
    [ "$stderr" = 'capture-migration-status.sh: warning: the URL is an argument: everybody on this machine can see its password in the list of processes
hint: put it into the variable DATABASE_URL, or into DATABASE_URL_NAME for --connection NAME' ]
    [ "$(sed -n 's/^connection: //p' "$output")" = "postgresql $database" ]
    run --separate-stderr -0 program_run check-config-drift.sh staging database --connection "$url"
    [[ $stderr = "check-config-drift.sh: warning: the URL is an argument: "* ]]
    run --separate-stderr -0 program_run sqlite-migrate current --connection "postgresql:///$database?host=$admin_place&port=$port&user=tester"
    [ "$stderr" = "" ]
}

@test "postgresql: nobody sees the password" {
    # Processes of other tests are looked at, too: nobody else has this one.
    local odd='s3$c"r\et'$BASHPID
    account keeper "$odd"
    admin -c 'GRANT pg_read_all_settings TO keeper'
    keeps_secret "postgresql://keeper:$(encoded "$odd")@$here" "$odd"
}
