#!/bin/sh
# Builds the newest SQLite that a package of the npm registry carries, with the options of the system's own.
#
# Usage: sh tests/helpers/newest_sqlite.sh FOLDER
#
# Makes FOLDER/libsqlite3.so.0, once. With LD_LIBRARY_PATH=FOLDER, the system's sqlite3 shell runs on it.
# The package is pinned by its version and its hash.
#
# Exit status: 0 it is there, 69 it cannot be had; then standard error says why.
set -eu
LC_ALL=C
export LC_ALL

package=better-sqlite3@13.2.0
package_sha256=40487589df3496f2ee0079d22b73c63fccebe7db0e8ee9a2c42421861e321e0b
version=3.54.1

give_up() {
    printf 'SQLite %s is not there: %s\n' "$version" "$1" >&2
    exit 69
}

is_there() {
    [ -f "$folder/libsqlite3.so.0" ] && [ "$(cat "$folder/version")" = "$package $version" ]
}

# What the system's library was built with, as options for the compiler. The parser of an amalgamation
# is ready-made, so UPDATE ... LIMIT cannot be had.
options() {
    sqlite3 -batch -init /dev/null :memory: 'PRAGMA compile_options' |
        grep -E '^(ENABLE_|LIKE_|MAX_VARIABLE_NUMBER|OMIT_|SECURE_DELETE|SOUNDEX|TEMP_STORE|THREADSAFE|USE_URI)' |
        grep -v UPDATE_DELETE_LIMIT | sed 's/^/-DSQLITE_/'
}

fetch() {
    npm pack "$package" --loglevel error --ignore-scripts --fetch-retries 1 >log 2>&1 </dev/null ||
        give_up "npm cannot fetch $package: $(grep -m 1 'npm ERR\|npm error' log)"
    archive=$(echo better-sqlite3-*.tgz)
    printf '%s  %s\n' "$package_sha256" "$archive" | sha256sum -c >log 2>&1 ||
        give_up "$package has another hash than the one that is known"
    tar -xzf "$archive" package/deps/sqlite3
}

# The shell refuses a library that does not say the source id that the shell was built with. This one says
# so to the shell alone: SQL and extensions hear its own.
compile() {
    source_id=$(sqlite3 -batch -init /dev/null :memory: 'SELECT sqlite_source_id()')
    printf 'const char *sqlite3_sourceid(void);\nconst char *sqlite3_sourceid(void)\n{\n    return "%s";\n}\n' \
        "$source_id" >source_id.c
    # Options hold no blanks.
    # shellcheck disable=SC2046
    "${CC:-cc}" -O1 -fPIC -c $(options) -Dsqlite3_sourceid=sqlite3_own_sourceid -o sqlite3.o \
        package/deps/sqlite3/sqlite3.c >log 2>&1 || give_up "it cannot be compiled: $(head -n 1 log)"
    "${CC:-cc}" -shared -fPIC -Wl,-soname,libsqlite3.so.0 -o libsqlite3.so.0 sqlite3.o source_id.c \
        -lm -lpthread >log 2>&1 || give_up "it cannot be linked: $(head -n 1 log)"
}

[ "$#" -eq 1 ] || give_up "usage: sh tests/helpers/newest_sqlite.sh FOLDER"
mkdir -p "$1"
folder=$(cd "$1" && pwd)
! is_there || exit 0
for tool in npm sqlite3 sha256sum flock tar "${CC:-cc}"; do
    command -v "$tool" >/dev/null || give_up "$tool is not on this machine"
done
exec 9>"$folder/lock"
flock 9
! is_there || exit 0

scratch=$(mktemp -d "$folder/making.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
fetch
compile
found=$(LD_LIBRARY_PATH=. sqlite3 -batch -init /dev/null :memory: 'SELECT sqlite_version()') || found="nothing"
[ "$found" = "$version" ] || give_up "with it, the sqlite3 shell runs on $found"
mv libsqlite3.so.0 "$folder"
printf '%s\n' "$package $version" >"$folder/version"
