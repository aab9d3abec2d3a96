# Schema dumps of servers, as a person makes and loads them. A test file defines server_database NAME, which
# makes an empty database, with its variable DATABASE_URL_NAME, and client_path NAME, where a client is.

# To be called in setup(), after use_scratch: nothing is set but what a test sets.
use_schema_server() {
    local name
    for name in "${!MYSQL_@}" "${!DATABASE_URL@}"; do
        unset "$name"
    done
    unset APP_ENV
    export MIGRATE_EXTENSION=$extension HOME=$BATS_TEST_TMPDIR/home TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$HOME" "$TMPDIR" stubs
    stored=database/schema
}

# Runs a program with no variable of a client but what the URL says, in the shell $shell, else as its first
# line says. What is in the folder stubs comes first.
program_run() { # <program> <argument>...
    # shellcheck disable=SC2086 # `busybox sh` is two words
    env -u PGHOST -u PGPORT -u PGUSER -u PGPASSFILE -u PGDATABASE PATH="$PWD/stubs:$PATH" \
        timeout 100 ${shell-} "$root/scripts/$1" "${@:2}" </dev/null
}

dump() { # <argument>...
    program_run schema-dump.sh "$@"
}

restore() { # <argument>...
    program_run schema-restore.sh "$@"
}

apply() { # <connection> [<target>]
    program_run sqlite-migrate up ${2+"$2"} --connection "$1" --quiet
}

# The example of the project in place of the empty folder.
use_example() {
    rm -r migrations
    cp -R "$root/migrations" migrations
    export MIGRATE_SCRIPTS=on
}

# An operation whose up file is standard input.
operation_from() { # <version> <description>
    operation "$1" TASK-1 "$2" "$(cat)" 'SELECT 1;'
}

# Dumps at each version, loads that, applies the rest: the same comes of it as of applying everything, up
# to version $last where that is set.
same_from_each() { # <version>...
    local version
    server_database all
    apply all ${last:+"$last"} || return
    dump all all -q || return
    for version; do
        server_database one
        server_database two
        if [ "$version" != 0 ]; then apply one "$version" || return; fi
        dump one one -q || return
        restore two one -q || return
        dump two two -q || return
        cmp "$stored/one.sql" "$stored/two.sql" || return
        apply two ${last:+"$last"} || return
        dump two two -q || return
        [ "$(fingerprint two)" = "$(fingerprint all)" ] || {
            printf 'from version %s something else comes\n' "$version"
            return 1
        }
    done
}

# What dump NAME says of its schema.
fingerprint() { # <name>
    sed -n 's/^-- fingerprint: //p' "$stored/$1.sql" | head -n 1
}

# The file with its head made to fit what is below: as somebody would have it who changes a dump.
sign() { # <file>
    local sum
    sed -i '1,/^[^-]/{/^-- checksum: /d;}' "$1"
    sum=$(sha256sum <"$1")
    sed -i "1,/^-- table: /s/^-- table: .*/&\n-- checksum: ${sum%% *}/" "$1"
}

# Puts a program in front of the real one, whose path is $real in the text.
stub() { # <name> <text>
    printf '#!/bin/sh\nreal=%s\n%s\n' "$(client_path "$1")" "$2" >"stubs/$1"
    chmod +x "stubs/$1"
}
