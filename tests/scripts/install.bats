#!/usr/bin/env bats
# make install and make uninstall, into a folder of their own.

load ../helpers/migrate

setup() {
    use_scratch
    mkdir -p build
    cp "$extension" build/migrate.so
}

# The rules of the project on the library that is there, whatever the age of its sources.
make_here() { # <argument>...
    env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -f "$root/GNUmakefile" -o build/migrate.so "$@"
}

@test "make install: puts the library and its short name, programs, pages and completions below PREFIX" {
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    [ "$(cd image && find . ! -type d ! -path '*/sqlite-migrate/*/*' | sort)" = "./opt/bin/backup-database.sh
./opt/bin/capture-migration-status.sh
./opt/bin/check-config-drift.sh
./opt/bin/preflight.sh
./opt/bin/restore-database.sh
./opt/bin/schema-dump.sh
./opt/bin/schema-restore.sh
./opt/bin/sqlite-migrate
./opt/lib/libmigrate.so
./opt/lib/migrate.so
./opt/share/bash-completion/completions/sqlite-migrate
./opt/share/man/man1/backup-database.1
./opt/share/man/man1/capture-migration-status.1
./opt/share/man/man1/check-config-drift.1
./opt/share/man/man1/preflight.1
./opt/share/man/man1/restore-database.1
./opt/share/man/man1/schema-dump.1
./opt/share/man/man1/schema-restore.1
./opt/share/man/man1/sqlite-migrate.1
./opt/share/sqlite-migrate/backup-database.sh
./opt/share/sqlite-migrate/capture-migration-status.sh
./opt/share/sqlite-migrate/check-config-drift.sh
./opt/share/sqlite-migrate/preflight.sh
./opt/share/sqlite-migrate/restore-database.sh
./opt/share/sqlite-migrate/schema-dump.sh
./opt/share/sqlite-migrate/schema-restore.sh
./opt/share/sqlite-migrate/sqlite-migrate
./opt/share/zsh/site-functions/_sqlite-migrate" ]
    cmp "$extension" image/opt/lib/migrate.so
}

@test "make install: puts the library below /usr/local unless told otherwise" {
    make_here install DESTDIR="$PWD/image"
    [ -f image/usr/local/lib/libmigrate.so ]
}

@test "make install: installs what .load migrate finds by its name" {
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    result=$(LD_LIBRARY_PATH="$PWD/image/opt/lib" sqlite3 -batch -init /dev/null :memory: '.load migrate' 'SELECT migrate_version()')
    [ "$result" = "$(mig 'SELECT migrate_version()')" ]
}

@test "make install: the programs that it installs work, through their links, and find the extension" {
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    [ "$(readlink image/opt/bin/sqlite-migrate)" = /opt/share/sqlite-migrate/sqlite-migrate ]
    ln -sf ../share/sqlite-migrate/sqlite-migrate image/opt/bin/sqlite-migrate
    operation 0001 TASK-1 first 'CREATE TABLE first (x);'
    unset MIGRATE_EXTENSION
    [ "$(DATABASE_URL=sqlite:app.db image/opt/bin/sqlite-migrate up -q --connection sqlite:app.db && completed)" = 1 ]
    image/opt/share/sqlite-migrate/backup-database.sh --connection sqlite:app.db --quiet
    (cd backups && sha256sum -c --quiet ./*.sqlite.sha256)
}

@test "make install: once more takes away what is no longer a part" {
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    touch image/opt/share/sqlite-migrate/lib/old.sh
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    [ ! -e image/opt/share/sqlite-migrate/lib/old.sh ]
}

@test "make uninstall: removes what make install has put there" {
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    make_here uninstall DESTDIR="$PWD/image" PREFIX=/opt
    [ "$(find image ! -type d)" = "" ]
}
