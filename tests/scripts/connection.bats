#!/usr/bin/env bats
# Where the front command works: names of connections, URLs, .env, environments, the extension.

# shellcheck disable=SC2016 # the texts stand as they are

load ../helpers/migrate
load front
load library

setup() {
    use_scratch
    use_front
    operation 0001 TASK-1 create-users 'CREATE TABLE users (id);' 'DROP TABLE users;'
}

# Goes up with a connection, and expects a database of that name.
makes() { # <connection> <file>
    front up -q --connection "$1"
    db=$2
    [ -f "$2" ] && [ "$(completed)" = 1 ]
}

# Expects that a connection is refused with a status and a message, and that nothing is made.
refuses() { # <connection> <status> <message>
    run --separate-stderr "-$2" front up --connection "$1"
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: $3" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
    [ "$(find . -name '*.db*')" = "" ]
}

@test "connection: without a name it is DATABASE_URL" {
    export DATABASE_URL=sqlite:one.db
    front up -q
    [ -f one.db ]
    makes default one.db
}

@test "connection: a name is the variable that ends in it" {
    export DATABASE_URL=sqlite:one.db DATABASE_URL_STAGING_2=sqlite:two.db
    makes staging-2 two.db
    [ ! -e one.db ]
}

@test "connection: a URL names a file relative to the working directory, or by its whole path" {
    mkdir sub
    makes sqlite:sub/app.db sub/app.db
    makes "sqlite:$PWD/whole.db" whole.db
    makes "sqlite://$PWD/slashes.db" slashes.db
}

@test "connection: a path may hold anything" {
    local name
    for name in 'a b.db' "it's.db" 'say "x".db' 'back\slash.db' '-init.db' '$(id).db' 'a;b|c&d.db' 'file:x.db' \
        'x#y.db' $'new\nline.db' $'end.db\n' 'é.db' '*.db'; do
        makes "sqlite:$name" "./$name"
    done
}

@test "connection: bytes of a path may be written in hexadecimal" {
    makes sqlite:a%20b%3F%25%2fc.db 'a b?%/c.db' 2>/dev/null || {
        mkdir 'a b?%'
        makes sqlite:a%20b%3F%25%2fc.db 'a b?%/c.db'
    }
    makes sqlite:%C3%A9.db 'é.db'
}

@test "connection: refuses a URL with a per cent sign that says nothing" {
    refuses sqlite:100%.db 78 'a % in the connection is not followed by two hexadecimal digits, or by 00
hint: a per cent sign is written %25'
    refuses sqlite:a%00.db 78 'a % in the connection is not followed by two hexadecimal digits, or by 00
hint: a per cent sign is written %25'
}

@test "connection: refuses a URL without a file, with a host, with parameters, in memory" {
    refuses sqlite: 78 'the connection names no file
hint: write sqlite:app.db or sqlite:/path/app.db'
    refuses sqlite://host/app.db 78 'a connection to SQLite has no host
hint: write sqlite:app.db or sqlite:/path/app.db'
    refuses 'sqlite:app.db?mode=ro' 78 'a connection to SQLite has no parameters
hint: a question mark in a name is written %3F'
    refuses sqlite::memory: 78 'a database in memory would be gone at once
hint: name a file: sqlite:app.db'
}

@test "connection: refuses a kind of database that it does not know, and does not show the password" {
    refuses oracle://ann:secret@host/app 78 'the connection is of a kind that is not known
hint: write sqlite:app.db, postgresql://HOST/DATABASE or mysql://HOST/DATABASE'
}

# Prints the parts of a URL, a line each: user, host, port, database, password, and the parameters.
parts() { # <url>
    # shellcheck disable=SC2154 # these are of the library
    url=$1 libraries=url library 'connection_given=; url_read "$url"
        printf "<%s>\n" "$url_user" "$url_host" "$url_port" "$url_database"
        if [ -e "$url_password" ]; then printf "password <"; cat "$url_password"; printf ">\n"; fi
        cat "$url_parameters"'
}

# Expects the parts of a URL: user, host, port and database with blanks between them, and then lines.
has_parts() { # <url> <parts> [<line>]...
    parts "$1" >parts.txt
    printf '<%s>\n' "${@:2:4}" >expected.txt
    [ "$#" -le 5 ] || printf '%s\n' "${@:6}" >>expected.txt
    cmp parts.txt expected.txt || {
        cat parts.txt
        return 1
    }
}

@test "URL of a server: has a user, a password, a host, a port and a database" {
    export url
    has_parts postgresql://ann:secret@db.example.com:5433/app ann db.example.com 5433 app 'password <secret>'
    has_parts mysql://ann@db.example.com/app ann db.example.com '' app
    has_parts postgres://db.example.com/app '' db.example.com '' app
    has_parts postgresql:///app '' '' '' app
    has_parts postgresql://ann@/app ann '' '' app
    has_parts postgresql://db.example.com '' db.example.com '' ''
    has_parts postgresql://ann:@db.example.com:/app ann db.example.com '' app 'password <>'
}

@test "URL of a server: each part may have bytes in hexadecimal, and a password a colon" {
    export url
    has_parts 'postgresql://a%40n%3An:s:e%2Fc%25%23%3f%C3%A9@h%2Fst/a%2Fpp%20x' 'a@n:n' h/st '' 'a/pp x' 'password <s:e/c%#?é>'
    has_parts 'mysql://%24%28id%29:%60id%60%5C%27%22@h/%3B%2A' '$(id)' h '' ';*' "password <\`id\`\\'\">"
}

@test "URL of a server: has parameters, one of which may be the password" {
    export url
    has_parts 'postgresql:///app?host=%2Frun%2Fpg%20x&sslmode=require&options=-c%20a%3Db' '' '' '' app 'host=/run/pg x' \
        sslmode=require 'options=-c a=b'
    has_parts 'mysql://h/app?password=s%26t&socket=/s' '' h '' app 'password <s&t>' socket=/s
    has_parts 'postgresql://h/app?&a=b=c&&#fragment' '' h '' app a=b=c
}

@test "URL of a server: has an address of IPv6 in brackets, and several hosts with commas between them" {
    export url
    has_parts 'postgresql://ann@[::1]:5433/app' ann ::1 5433 app
    has_parts 'postgresql://[fe80::1%25eth0]/app' '' fe80::1%eth0 '' app
    has_parts 'postgresql://a,b:5433,[::1]:5434/app' '' a,b,::1 ,5433,5434 app
}

# Expects that both programs refuse a URL, and that they do not show any of its password.
refuses_url() { # <url> <what is wrong>
    DATABASE_URL=$1 run --separate-stderr -78 front status
    [ "$output" = "" ]
    [ "$stderr" = "sqlite-migrate: the URL of the connection cannot be used: $2
hint: ${1%%:*}://USER@HOST:PORT/DATABASE is one; other characters than letters, digits and -._~ are written %XX" ] || {
        printf '%s\n' "$stderr"
        return 1
    }
    [ "$(find tmp -mindepth 1)" = "" ]
}

@test "URL of a server: says what is wrong with it, and never shows it" {
    local engine
    for engine in postgresql mysql; do
        refuses_url "$engine://ann:se%zzcret@h/app" 'a % in its password is not followed by two hexadecimal digits'
        refuses_url "$engine://ann:secret%@h/app" 'a % in its password is not followed by two hexadecimal digits'
        refuses_url "$engine://ann:secret%4@h/app" 'a % in its password is not followed by two hexadecimal digits'
        refuses_url "$engine://a%nn:secret@h/app" 'a % in its user is not followed by two hexadecimal digits'
        refuses_url "$engine://ann:secret@h/a%pp" 'a % in its database is not followed by two hexadecimal digits'
        refuses_url "$engine://ann:secret%0Aline@h/app" 'its password has a control character'
        refuses_url "$engine://ann:secret%00@h/app" 'its password has a control character'
        refuses_url "$engine://ann:secret%7f@h/app" 'its password has a control character'
        refuses_url "$engine://ann:sec@ret@h/app" 'it has more than one @ (write %40)'
        refuses_url "$engine://ann:sec/ret@h/app" 'an @ stands behind its first / (write %40, or %2F in a user or a password)'
        refuses_url "$engine://ann:12/34@h" 'an @ stands behind its first / (write %40, or %2F in a user or a password)'
        refuses_url "$engine://ann:12#34@h/app" 'a ? or # stands before its @ (write %3F or %23, and %40 behind it)'
        refuses_url "$engine://ann:12?34@h/app" 'a ? or # stands before its @ (write %3F or %23, and %40 behind it)'
        refuses_url "$engine://ann:secret@h/app/x" 'its database has a / (write %2F)'
        refuses_url "$engine://ann:sec ret@h/app" 'it has a blank or a control character'
        refuses_url "$engine://ann:secret@h/app"$'\n' 'it has a blank or a control character'
        refuses_url "$engine://ann:secret@h:port/app" 'its port is not a number'
        refuses_url "$engine://ann:secret@h:1:2/app" 'its port is not a number'
        refuses_url "$engine://ann:secret@h:0/app" 'its port is not between 1 and 65535'
        refuses_url "$engine://ann:secret@h:65536/app" 'its port is not between 1 and 65535'
        refuses_url "$engine://ann:secret@[::1/app" 'its host has a [ without ]'
        refuses_url "$engine://ann:secret@[::1]x/app" 'its port is not a number'
        refuses_url "$engine://ann:secret@h/app?x" 'one of its parameters is not NAME=VALUE'
        refuses_url "$engine://ann:secret@h/app?=x" 'one of its parameters is not NAME=VALUE'
        refuses_url "$engine://ann:secret@h/app?X=1" 'one of its parameters has a bad name'
        refuses_url "$engine:ann:secret@h/app" 'it does not begin with SCHEME://'
    done
}

@test "URL of a server: refuses a parameter that cannot be used, and one that names no database" {
    DATABASE_URL='postgresql://ann:secret@h/app?passwort=secret' run --separate-stderr -78 front status
    [ "$stderr" = "sqlite-migrate: the URL of the connection has the parameter passwort, which cannot be used
hint: docs/connections.md lists those that can" ]
    DATABASE_URL='mysql://ann:secret@h/app?sslmode=require' run --separate-stderr -78 front status
    [ "$stderr" = "sqlite-migrate: the URL of the connection has the parameter sslmode, which cannot be used
hint: docs/connections.md lists those that can" ]
    DATABASE_URL='mysql://ann:secret@h/app?ssl-mode=secret' run --separate-stderr -78 front status
    [ "$stderr" = "sqlite-migrate: the URL of the connection has an ssl-mode that is not known
hint: DISABLED, PREFERRED, REQUIRED, VERIFY_CA and VERIFY_IDENTITY are" ]
    DATABASE_URL=postgresql://ann:secret@h run --separate-stderr -78 env -u PGDATABASE -u PGSERVICE "$front" status
    [ "$stderr" = "sqlite-migrate: the URL of the connection names no database
hint: write it behind the host: postgresql://HOST/DATABASE" ]
    DATABASE_URL=mysql://ann:secret@h/ run --separate-stderr -78 front status
    [ "$stderr" = "sqlite-migrate: the URL of the connection names no database
hint: write it behind the host: mysql://HOST/DATABASE" ]
}

# The parameters that an engine takes, as its code has them, and as the page has them.
parameters_of() { # <engine>
    sed -n '/^    while IFS=/,/\*) die/{ s/^ *\([a-z_|\\ -]*\)\()\( .*\)\{0,1\}\|\\\)$/\1/p; }' "$root/scripts/engines/$1/client.sh" |
        tr -s ' |\134' '\n' | grep . | sort
}

parameters_told() { # <heading>
    sed -n "/^| $1 | what for/,/^\$/p" "$root/docs/connections.md" | grep '^| `' | cut -d '|' -f 2 | tr -d '` ' |
        tr , '\n' | grep -vx password | sort
}

@test "URL of a server: the parameters that the page lists are those that are taken" {
    parameters_of postgresql >taken
    parameters_told PostgreSQL >told
    [ "$(wc -l <taken)" -gt 20 ]
    diff taken told
    parameters_of mysql >taken
    parameters_told MySQL >told
    [ "$(wc -l <taken)" -gt 7 ]
    diff taken told
}

@test "URL of a server: refuses time limits that are no numbers" {
    export DATABASE_URL=postgresql://ann:secret@h/app
    MIGRATE_STATEMENT_TIMEOUT=1s run --separate-stderr -78 front status
    [ "$stderr" = 'sqlite-migrate: option --statement-timeout: "1s" is not a number of milliseconds' ]
    run --separate-stderr -78 front status --lock-timeout -1
    [ "$stderr" = 'sqlite-migrate: option --lock-timeout: "-1" is not a number of milliseconds' ]
}

@test "connection: says which variable is not set" {
    refuses staging 78 'there is no connection staging: DATABASE_URL_STAGING is not set
hint: set it, for instance DATABASE_URL_STAGING=sqlite:app.db, or say --connection sqlite:app.db'
    run --separate-stderr -78 front up
    [ "$stderr" = "sqlite-migrate: there is no connection: DATABASE_URL is not set
hint: set it, for instance DATABASE_URL=sqlite:app.db, or say --connection sqlite:app.db" ]
}

@test "connection: refuses what is neither a name nor a URL" {
    refuses app.db 78 '"app.db" is neither the name of a connection nor a URL
hint: the URL of a file is sqlite:app.db'
    refuses 'x; id' 78 '"x; id" is neither the name of a connection nor a URL
hint: the URL of a file is sqlite:app.db'
}

@test "connection: an option without its value is refused" {
    run --separate-stderr -64 front up --connection
    [ "$stderr" = "sqlite-migrate: option --connection needs a value
hint: sqlite-migrate help" ]
    run --separate-stderr -64 front up --dir=
    [ "$stderr" = "sqlite-migrate: option --dir needs a value
hint: sqlite-migrate help" ]
}

@test ".env: is read in the working directory" {
    printf 'DATABASE_URL=sqlite:one.db\nDATABASE_URL_TWO=sqlite:two.db\nMIGRATE_TABLE=mine\n' >.env
    front up -q
    [ "$(sqlite3 one.db 'SELECT count(*) FROM mine')" = 1 ]
    front up -q --connection two
    [ -f two.db ]
}

@test ".env: gives way to a variable that is set" {
    printf 'DATABASE_URL=sqlite:one.db\nMIGRATE_TABLE=mine\n' >.env
    DATABASE_URL=sqlite:two.db front up -q --table other
    [ "$(sqlite3 two.db 'SELECT count(*) FROM other')" = 1 ]
    [ ! -e one.db ]
}

@test ".env: takes quotes, comments, blanks, export, CR LF and a byte order mark" {
    local line
    while IFS= read -r line; do
        rm -f ./*.db
        # shellcheck disable=SC2059 # the lines are formats
        printf "$line\n" >.env
        front up -q || {
            printf '%s\n' "$line"
            return 1
        }
        [ -f 'o e.db' ] || {
            printf '%s\n' "$line"
            ls
            return 1
        }
    done <<'LINES'
DATABASE_URL=sqlite:o e.db
DATABASE_URL = sqlite:o%%20e.db   # the database
export DATABASE_URL="sqlite:o e.db"
  DATABASE_URL='sqlite:o e.db' # the database
DATABASE_URL="sqlite:o e.db"\r
\357\273\277DATABASE_URL=sqlite:o e.db\r
# a comment\n\nOTHER="not ours\nDATABASE_URL="sqlite:\\o e.db"
LINES
}

@test ".env: is never executed, and nothing in it is expanded" {
    printf '%s\n' 'DATABASE_URL=sqlite:$(touch made)`touch made`$HOME.db' 'touch made' 'X=$(touch made)' >.env
    front up -q
    [ -f '$(touch made)`touch made`$HOME.db' ]
    [ ! -e made ]
}

@test ".env: cannot name the code to load, or other people's variables" {
    printf '%s\n' 'DATABASE_URL=sqlite:app.db' 'MIGRATE_EXTENSION=/nowhere/x.so' 'PATH=/nowhere' 'LD_PRELOAD=x' >.env
    unset MIGRATE_EXTENSION
    mkdir -p copy/build
    cp -R "$root/scripts" copy
    cp "$extension" copy/build/migrate.so
    front=copy/scripts/sqlite-migrate
    front up -q
    [ "$(sqlite3 app.db 'SELECT count(*) FROM migration')" = 1 ]
}

@test ".env: cannot switch programs on" {
    rm -rf migrations
    printf '#!/bin/sh\necho "SELECT 1;"\n' | program 0001 TASK-1 print sh
    printf '%s\n' 'DATABASE_URL=sqlite:app.db' 'MIGRATE_SCRIPTS=on' >.env
    run --separate-stderr -77 front up
    [[ $stderr = *"is a program, and programs are switched off"* ]]
}

@test ".env: a quote without end is an error that names the line and not the value" {
    printf '# ours\nDATABASE_URL="sqlite:secret.db\n' >.env
    run --separate-stderr -78 front up
    [ "$stderr" = "sqlite-migrate: cannot read .env: a quote without end in line 2" ]
    printf "DATABASE_URL='a'b\n" >.env
    run --separate-stderr -78 front up
    [ "$stderr" = "sqlite-migrate: cannot read .env: something behind the closing quote in line 1" ]
}

@test "extension: is found beside the scripts, also through a symbolic link to the program" {
    unset MIGRATE_EXTENSION
    mkdir -p copy/build bin
    cp -R "$root/scripts" copy
    cp "$extension" copy/build/migrate.so
    ln -s ../copy/scripts/sqlite-migrate bin/first
    ln -s "$PWD/bin/first" bin/migrate
    bin/migrate up -q --connection sqlite:app.db
    [ "$(completed)" = 1 ]
}

@test "extension: is found below the prefix that the scripts are installed in" {
    unset MIGRATE_EXTENSION
    mkdir -p prefix/share/sqlite-migrate prefix/lib
    cp -R "$root/scripts" prefix/share/sqlite-migrate
    cp "$extension" prefix/lib/migrate.so
    prefix/share/sqlite-migrate/scripts/sqlite-migrate up -q --connection sqlite:app.db
    [ "$(completed)" = 1 ]
}

@test "extension: is looked for by the loader where it is nowhere beside the scripts" {
    unset MIGRATE_EXTENSION
    mkdir -p copy lib
    cp -R "$root/scripts" copy
    cp "$extension" lib/migrate.so
    LD_LIBRARY_PATH=$PWD/lib copy/scripts/sqlite-migrate up -q --connection sqlite:app.db
    [ "$(completed)" = 1 ]
}

@test "extension: may have any path" {
    mkdir $'a "b" \'c\'\n\\d'
    cp "$extension" $'a "b" \'c\'\n\\d/migrate.so'
    MIGRATE_EXTENSION=$PWD/$'a "b" \'c\'\n\\d/migrate.so' front up -q --connection sqlite:app.db
    [ "$(completed)" = 1 ]
}

@test "extension: says when there is none" {
    MIGRATE_EXTENSION=./nothing.so run --separate-stderr -69 front up --connection sqlite:app.db
    [ "$stderr" = "sqlite-migrate: there is no extension ./nothing.so
hint: MIGRATE_EXTENSION names it" ]
}

@test "extension: says why it cannot be loaded" {
    printf 'no library\n' >wrong.so
    MIGRATE_EXTENSION=./wrong.so run --separate-stderr -69 front up --connection sqlite:app.db
    [[ $stderr == "sqlite-migrate: cannot load the extension ./wrong.so: "*"
hint: make builds it, make install puts it where it is found, MIGRATE_EXTENSION names it" ]]
}
