#!/bin/sh
# Gets a fresh machine going: installs what is missing, builds the extension, and applies the
# example folder migrations/ to a SQLite database.
#
# Usage: sh scripts/setup.sh [COMMAND]
#
# demo      (or nothing) what the paragraph above says; the database is build/demo/app.db
# test      the same, with everything that the tests and the linters need, then runs all of them;
#           the last line is "N passed, N failed"
# packages  only prints the names of the packages that `test` would install
# -h        prints this text
#
# Says what it is going to install before it does, and installs nothing when nothing is missing.
# Uses apt-get (Debian, Ubuntu), dnf (Fedora), apk (Alpine) or brew (macOS); needs root or sudo for
# the first three, and no network when nothing is missing. Asks no questions.
#
# Exit status: 0 done, 1 a test or the example failed, 64 usage, 69 something that is needed cannot
# be had, 77 packages are missing and neither root nor sudo is there to install them.
set -eu
cd -- "$(dirname -- "$0")/.."
. scripts/lib/prelude.sh
. scripts/lib/message.sh
. scripts/lib/sql.sh
. scripts/lib/requirement.sh
. scripts/lib/requirements.sh

# shellcheck disable=SC2034 # message.sh reads it
program=setup.sh
log=build/setup.log
database=build/demo/app.db
user=$(id -u)

# What is built here is no secret, and may be used by others than the one who built it.
umask 022

# Prints the name of this machine's package manager, or nothing.
manager_find() (
    for manager in apt-get dnf apk brew; do
        if command -v "$manager" >/dev/null; then
            printf '%s\n' "$manager"
            return
        fi
    done
)

# Homebrew keeps these two away from the system's own, so they have to be asked for.
brew_paths() {
    for formula in sqlite openssl@3; do
        prefix=$(brew --prefix "$formula") || continue
        PATH=$prefix/bin:$PATH
        PKG_CONFIG_PATH=$prefix/lib/pkgconfig${PKG_CONFIG_PATH:+":$PKG_CONFIG_PATH"}
    done
    export PATH PKG_CONFIG_PATH
}

# Runs the remaining arguments as root, with its output in the log.
as_root() {
    if [ "$user" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi >>"$log" 2>&1 </dev/null
}

# Installs packages with the manager $1; the rest are their names.
packages_install() {
    manager=$1
    shift
    case $manager in
    apt-get)
        as_root apt-get -q update || return 1
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
            install --no-install-recommends "$@"
        ;;
    dnf) as_root dnf -y install "$@" ;;
    apk) as_root apk add --no-cache "$@" ;;
    brew) HOMEBREW_NO_AUTO_UPDATE=1 brew install "$@" >>"$log" 2>&1 </dev/null ;;
    *) return 1 ;;
    esac
}

# Makes sure that everything for stage $1 is on this machine.
requirements_install() {
    manager=$(manager_find)
    [ "$manager" != brew ] || brew_paths
    missing=$(requirements_missing "$1" "$manager")
    if [ -z "$missing" ]; then
        info "nothing to install"
        return
    fi
    stage=$1
    packages=$(requirements_packages "$missing")
    missing=$(requirements_checks "$missing")
    [ -n "$packages" ] || die 69 "missing: $missing" "install them by hand, then run this again"
    # The names of packages hold no blanks.
    # shellcheck disable=SC2086
    set -- $packages
    if [ "$manager" != brew ] && [ "$user" -ne 0 ] && ! command -v sudo >/dev/null; then
        die 77 "only root can install packages, and there is no sudo" \
            "as root: $manager install $*"
    fi
    info "installing with $manager: $*"
    mkdir -p build
    : >"$log"
    packages_install "$manager" "$@" || {
        tail -n 20 "$log" >&2
        die 69 "$manager could not install the packages (its output: $log)" \
            "is there a network? To install them by hand: $manager install $*"
    }
    [ "$manager" != brew ] || brew_paths
    missing=$(requirements_missing "$stage" "$manager")
    missing=$(requirements_checks "$missing")
    [ -z "$missing" ] || die 69 "still missing: $missing" \
        "this system's packages may be too old: SQLite 3.38 and OpenSSL 3 are needed"
}

# Builds with make, and says why when it cannot.
build() {
    jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || jobs=1
    info "building"
    mkdir -p build
    make -j "$jobs" "$@" >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        die 1 "cannot build (the whole output: $log)" "the first error above says why; then run this again"
    }
}

# Runs SQL ($2) on the example database and prints its rows under a heading ($1).
demo_show() {
    printf '\n%s\n\n' "$1"
    sql_run -column -header "$database" '.load build/migrate' "$2" ||
        die 1 "the example failed at: $2" "sqlite3 $database shows how far it got"
}

# A subshell: what the caller set for his own databases must not reach the example.
demo() (
    unset MIGRATIONS_DIR MIGRATE_TABLE MIGRATE_TRANSACTION MIGRATE_SNAPSHOT MIGRATE_DANGEROUS
    MIGRATE_SCRIPTS=on
    MIGRATE_ACTOR=demo
    export MIGRATE_SCRIPTS MIGRATE_ACTOR
    rm -rf -- "${database%/*}" || die 73 "cannot remove ${database%/*}"
    mkdir -p -- "${database%/*}" || die 73 "cannot create ${database%/*}"

    info "applying migrations/ to $database"
    demo_show 'Pending before:' \
        'SELECT version, task_name, description, type FROM migrations_pending'
    demo_show 'Applying everything:' 'SELECT migrate_apply() AS version_reached'
    demo_show 'Applied, by task:' \
        "SELECT task_name, count(*) AS operations, min(version) AS first, max(version) AS last
         FROM migrations_applied WHERE status = 'completed' GROUP BY task_name ORDER BY first"
    demo_show 'Some rows of the migrated database:' \
        'SELECT code, name, students, active_teachers, surveys, documents
         FROM institution_overviews ORDER BY code LIMIT 5'
    demo_show 'Folder and database agree:' \
        'SELECT migrate_verify() AS verified, (SELECT count(*) FROM migrations_pending) AS pending'
    printf '\nTo look around: sqlite3 %s\n' "$database"
)

main() {
    [ "$#" -le 1 ] || die 64 "expected one command, not $#" "sh scripts/setup.sh -h"
    case ${1-demo} in
    demo)
        requirements_install demo
        build all
        demo
        ;;
    test)
        requirements_install test
        build all
        demo
        build tests
        exec sh tests/run.sh
        ;;
    packages)
        manager=$(manager_find)
        [ -n "$manager" ] || die 69 "there is no apt-get, dnf, apk or brew here"
        missing=$(requirements_missing test "$manager")
        requirements_packages "$missing"
        ;;
    -h | --help) help_print scripts/setup.sh ;;
    *) die 64 "unknown command: $1" "sh scripts/setup.sh -h" ;;
    esac
}

main "$@"
