#!/usr/bin/env bats
# Where the front command works: names of connections, URLs, .env, environments, the extension.

# shellcheck disable=SC2016 # the texts stand as they are

load ../helpers/migrate
load front

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

@test "connection: says that another engine is not supported, and does not show its password" {
    refuses postgresql://ann:secret@host/app 69 'connections to PostgreSQL are not supported by this version'
    refuses postgres://ann:secret@host/app 69 'connections to PostgreSQL are not supported by this version'
    refuses mysql://ann:secret@host/app 69 'connections to MySQL are not supported by this version'
    refuses oracle://ann:secret@host/app 78 'the connection is of a kind that is not known
hint: write sqlite:app.db or sqlite:/path/app.db'
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
