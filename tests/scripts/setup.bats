#!/usr/bin/env bats
# sh scripts/setup.sh and sh scripts/setup.sh test: the two commands of a fresh machine.

# shellcheck disable=SC2119,SC2120 # `run` passes the arguments

load ../helpers/migrate
load project

setup() {
    use_scratch
    use_project
    printf 'echo "3 passed, 0 failed"\n' >tests/run.sh
}

setup_sh() {
    in_project sh scripts/setup.sh "$@"
}

# The calls of package managers, one a line.
installs() {
    grep -E '^(sudo|env|apt-get|dnf|apk|brew) ' "$calls" || :
}

@test "setup.sh: prints its help on standard output" {
    run --separate-stderr -0 setup_sh -h
    [ "$stderr" = "" ]
    [ "${lines[0]}" = "Gets a fresh machine going: installs what is missing, builds the extension, and applies the" ]
}

@test "setup.sh: refuses a command that it does not know" {
    run --separate-stderr -64 setup_sh tests
    [ "$output" = "" ]
    [ "$stderr" = "setup.sh: unknown command: tests
hint: sh scripts/setup.sh -h" ]
    [ "$(cat "$calls")" = "id -u" ]
}

@test "setup.sh: refuses two commands" {
    run --separate-stderr -64 setup_sh test demo
    [ "$stderr" = "setup.sh: expected one command, not 2
hint: sh scripts/setup.sh -h" ]
}

@test "setup.sh: applies the example to a new database" {
    run --separate-stderr -0 setup_sh
    [ "${lines[-1]}" = "To look around: sqlite3 build/demo/app.db" ]
    [ "$stderr" = "nothing to install
building
applying migrations/ to build/demo/app.db" ]
    db=build/demo/app.db
    [ "$(completed)" = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19" ]
}

@test "setup.sh: shows that nothing is pending at the end" {
    run --separate-stderr -0 setup_sh demo
    [[ $output == *"Folder and database agree:

verified  pending
--------  -------
1         0      "* ]]
}

@test "setup.sh: makes the example anew each time" {
    setup_sh >/dev/null 2>&1
    sqlite3 build/demo/app.db 'DROP TABLE users'
    run --separate-stderr -0 setup_sh
    [ "$(sqlite3 build/demo/app.db 'SELECT count(*) > 0 FROM users')" = 1 ]
}

@test "setup.sh: does not let the caller's settings reach the example" {
    in_project MIGRATIONS_DIR=elsewhere MIGRATE_TABLE=mine MIGRATE_TRANSACTION=all MIGRATE_SCRIPTS=off \
        sh scripts/setup.sh >/dev/null 2>&1
    db=build/demo/app.db
    [ "$(plain "SELECT count(*) FROM sqlite_schema WHERE name = 'mine'")" = 0 ]
    [ "$(plain 'SELECT count(*) FROM migration')" = 19 ]
}

@test "setup.sh: installs nothing when nothing is missing" {
    manager apt-get
    setup_sh >/dev/null 2>&1
    [ "$(installs)" = "" ]
}

@test "setup.sh test: builds, applies the example, builds the tests and runs them" {
    run --separate-stderr -0 in_project sh scripts/setup.sh test
    [ "${lines[-1]}" = "3 passed, 0 failed" ]
    [ "$(grep -c '^make .*all$' "$calls")" = 1 ]
    [ "$(grep -c '^make .*tests$' "$calls")" = 1 ]
    [ -f build/demo/app.db ]
}

@test "setup.sh test: ends with the status of the tests" {
    printf 'echo "3 passed, 1 failed"\nexit 1\n' >tests/run.sh
    run --separate-stderr -1 setup_sh test
    [ "${lines[-1]}" = "3 passed, 1 failed" ]
}

@test "setup.sh: installs what is missing with apt-get, and says so before" {
    libraries_missing
    manager apt-get
    run --separate-stderr -0 setup_sh
    [ "${stderr_lines[0]}" = "installing with apt-get: libsqlite3-dev libssl-dev" ]
    [ "$(installs)" = "apt-get -q update
apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends libsqlite3-dev libssl-dev" ]
}

@test "setup.sh: installs what is missing with dnf" {
    libraries_missing
    manager dnf
    run --separate-stderr -0 setup_sh
    [ "$(installs)" = "dnf -y install sqlite-devel openssl-devel" ]
}

@test "setup.sh: installs what is missing with apk" {
    libraries_missing
    manager apk
    run --separate-stderr -0 setup_sh
    [ "$(installs)" = "apk add --no-cache sqlite-dev openssl-dev" ]
}

@test "setup.sh: installs what is missing with brew, as an ordinary user" {
    libraries_missing
    stub brew "case \$1 in
    --prefix) echo '$BATS_TEST_TMPDIR/opt' ;;
    install) : >'$BATS_TEST_TMPDIR/installed' ;;
    esac"
    stub id 'echo 501'
    run --separate-stderr -0 setup_sh
    [ "$(installs | grep -v prefix)" = "brew install sqlite openssl@3" ]
}

@test "setup.sh: asks sudo where it is not root" {
    libraries_missing
    manager apt-get
    stub id 'echo 1000'
    # shellcheck disable=SC2016 # the stub expands it
    stub sudo '"$@"'
    run --separate-stderr -0 setup_sh
    [ "$(installs | head -n 1)" = "sudo apt-get -q update" ]
}

@test "setup.sh: says what root has to run where there is no sudo" {
    libraries_missing
    manager apt-get
    stub id 'echo 1000'
    run --separate-stderr -77 setup_sh
    [ "$stderr" = "setup.sh: only root can install packages, and there is no sudo
hint: as root: apt-get install libsqlite3-dev libssl-dev" ]
    [ "$(installs)" = "" ]
    [ ! -e build/demo ]
}

@test "setup.sh: says what is missing where there is no package manager" {
    libraries_missing
    run --separate-stderr -69 setup_sh
    [ "$stderr" = "setup.sh: missing: library:sqlite3:3.38, library:libcrypto:3
hint: install them by hand, then run this again" ]
}

@test "setup.sh: shows the output of a package manager that fails" {
    libraries_missing
    stub apt-get 'echo "E: no network"; exit 100'
    run --separate-stderr -69 setup_sh
    [ "$stderr" = "installing with apt-get: libsqlite3-dev libssl-dev
E: no network
setup.sh: apt-get could not install the packages (its output: build/setup.log)
hint: is there a network? To install them by hand: apt-get install libsqlite3-dev libssl-dev" ]
}

@test "setup.sh: says what is still missing after installing" {
    stub pkg-config 'exit 1'
    manager apt-get
    run --separate-stderr -69 setup_sh
    [ "${stderr_lines[-2]}" = "setup.sh: still missing: library:sqlite3:3.38, library:libcrypto:3" ]
    [ "${stderr_lines[-1]}" = "hint: this system's packages may be too old: SQLite 3.38 and OpenSSL 3 are needed" ]
}

@test "setup.sh: shows the end of a build that fails" {
    stub make 'echo "ext/plan.c:1: error: no"; exit 2'
    run --separate-stderr -1 setup_sh
    [ "$stderr" = "nothing to install
building
ext/plan.c:1: error: no
setup.sh: cannot build (the whole output: build/setup.log)
hint: the first error above says why; then run this again" ]
    [ ! -e build/demo ]
}

@test "setup.sh: says where the example failed" {
    printf 'CREATE TABLE users (id)\n' >migrations/2025-03-03/0020-SCHOOL-530-add-users_up.sql
    run --separate-stderr -1 setup_sh
    [ "${stderr_lines[-2]}" = "setup.sh: the example failed at: SELECT migrate_apply() AS version_reached" ]
    [ "${stderr_lines[-1]}" = "hint: sqlite3 build/demo/app.db shows how far it got" ]
}

@test "setup.sh packages: prints the names of the missing packages and installs none" {
    libraries_missing
    manager apt-get
    run --separate-stderr -0 setup_sh packages
    [ "$output" = "libsqlite3-dev
libssl-dev" ]
    [ "$stderr" = "" ]
    [ "$(installs)" = "" ]
}

@test "setup.sh packages: fails where there is no package manager" {
    run --separate-stderr -69 setup_sh packages
    [ "$stderr" = "setup.sh: there is no apt-get, dnf, apk or brew here" ]
}

@test "setup.sh: works from any folder" {
    cd build
    run --separate-stderr -0 in_project sh ../scripts/setup.sh
    [ -f demo/app.db ]
}
