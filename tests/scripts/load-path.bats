#!/usr/bin/env bats
# scripts/load-path.sh: makes the dynamic loader find an installed extension, and says whether it does.

# shellcheck disable=SC2016 # the stand-ins expand what stands in single quotes

load ../helpers/migrate
load project

setup() {
    use_scratch
    use_project
    mkdir lib
    stub id 'echo 1000'
}

load_path() {
    in_project sh scripts/load-path.sh "$@"
}

@test "load-path.sh: prints its help on standard output" {
    run --separate-stderr -0 load_path -h
    [ "$stderr" = "" ]
    [ "${lines[0]}" = 'Makes the dynamic loader find a freshly installed extension, so that `.load migrate` works from' ]
}

@test "load-path.sh: refuses to be called without a command" {
    run --separate-stderr -64 load_path
    [ "$output" = "" ]
    [ "$stderr" = "load-path.sh: expected add or remove, and a directory
hint: sh scripts/load-path.sh -h" ]
}

@test "load-path.sh: refuses a command that it does not know" {
    run --separate-stderr -64 load_path replace lib
    [ "${stderr_lines[0]}" = "load-path.sh: expected add or remove, and a directory" ]
}

@test "load-path.sh add: shows the short form where the loader finds the library" {
    cp "$extension" lib/migrate.so
    run --separate-stderr -0 in_project LD_LIBRARY_PATH="$BATS_TEST_TMPDIR/lib" sh scripts/load-path.sh add /opt/lib
    [ "$stderr" = "in the sqlite3 shell, type: .load migrate" ]
}

@test "load-path.sh add: shows the whole path where the loader does not find the library" {
    stub sqlite3 'exit 1'
    run --separate-stderr -0 load_path add /opt/lib
    [ "$stderr" = "in the sqlite3 shell, type: .load /opt/lib/migrate" ]
}

@test "load-path.sh add: leaves the loader's cache alone where it is not root" {
    stub ldconfig
    load_path add /opt/lib 2>/dev/null
    [ "$(grep -c ldconfig "$calls")" = 0 ]
}

@test "load-path.sh add: refreshes the loader's cache as root" {
    stub id 'echo 0'
    stub ldconfig
    load_path add /opt/lib 2>/dev/null
    [ "$(grep ldconfig "$calls")" = "ldconfig " ]
}

@test "load-path.sh add: writes no configuration for a directory that the loader searches" {
    stub id 'echo 0'
    stub ldconfig 'case $1 in -v) echo "/usr/local/lib:" ;; esac'
    load_path add /usr/local/lib 2>/dev/null
    [ "$(grep ldconfig "$calls")" = "ldconfig -v -N -X
ldconfig " ]
    [ ! -e /etc/ld.so.conf.d/sqlite-migrate.conf ]
}

@test "load-path.sh add: fails where the cache cannot be refreshed" {
    stub id 'echo 0'
    stub ldconfig 'exit 1'
    run --separate-stderr -73 load_path add /opt/lib
    [ "$stderr" = "load-path.sh: cannot refresh the dynamic loader's cache
hint: run ldconfig as root" ]
}

@test "load-path.sh remove: refreshes the loader's cache as root" {
    stub id 'echo 0'
    stub ldconfig
    run --separate-stderr -0 load_path remove /opt/lib
    [ "$stderr" = "" ]
    [ "$(grep ldconfig "$calls")" = "ldconfig " ]
}

@test "load-path.sh remove: does nothing where it is not root" {
    stub ldconfig
    load_path remove /opt/lib
    [ "$(grep -c ldconfig "$calls")" = 0 ]
}
