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

@test "make install: puts the library and its short name below PREFIX" {
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    [ "$(cd image && find . ! -type d | sort)" = "./opt/lib/libmigrate.so
./opt/lib/migrate.so" ]
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

@test "make uninstall: removes what make install has put there" {
    make_here install DESTDIR="$PWD/image" PREFIX=/opt
    make_here uninstall DESTDIR="$PWD/image" PREFIX=/opt
    [ "$(find image ! -type d)" = "" ]
}
