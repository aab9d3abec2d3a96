#!/bin/sh
# Makes the dynamic loader find a freshly installed extension, so that `.load migrate` works from
# any directory, and says whether it does.
#
# Usage: load-path.sh add|remove DIRECTORY
#
# add     Refreshes the loader's cache where there is one (as root). If DIRECTORY lies below
#         /usr/local and the loader does not search it (Fedora), it is put into
#         /etc/ld.so.conf.d/sqlite-migrate.conf.
# remove  Takes that back.
#
# Exit status: 0 done, 64 usage, 73 the loader's configuration cannot be written.
set -eu
here=$(dirname -- "$0")
. "$here/lib/prelude.sh"
. "$here/lib/message.sh"
. "$here/lib/sql.sh"

# shellcheck disable=SC2034 # message.sh reads it
program=load-path.sh
configuration=/etc/ld.so.conf.d/sqlite-migrate.conf
PATH=$PATH:/usr/sbin:/sbin

# True when this system's loader goes by a cache (glibc) and we may write it.
cache_is_ours() (
    user=$(id -u) || return 1
    system=$(uname -s) || return 1
    [ "$user:$system" = 0:Linux ] && [ -f /etc/ld.so.conf ] && command -v ldconfig >/dev/null
)

# True when the loader searches $1: its own list names it.
cache_searches() {
    ldconfig -v -N -X 2>/dev/null | grep -q "^$1:"
}

cache_refresh() {
    ldconfig || die 73 "cannot refresh the dynamic loader's cache" "run ldconfig as root"
}

# Readable for everybody: every program's loader is configured by it.
configuration_write() (
    umask 022
    printf '%s\n' "$1" >"$configuration.new" && mv -- "$configuration.new" "$configuration"
)

load_path_add() {
    if cache_is_ours; then
        case $1 in
        /usr/local/*)
            if ! cache_searches "$1"; then
                # Readable for everybody: every program's loader is configured by it.
                configuration_write "$1" ||
                    die 73 "cannot write $configuration" "type .load $1/migrate instead"
            fi
            ;;
        *) ;;
        esac
        cache_refresh
    fi
    if (cd / && sql_run :memory: '.load migrate') >/dev/null 2>&1; then
        info "in the sqlite3 shell, type: .load migrate"
    else
        info "in the sqlite3 shell, type: .load $1/migrate"
    fi
}

load_path_remove() {
    cache_is_ours || return 0
    if [ -f "$configuration" ] && grep -qxF -e "$1" -- "$configuration"; then
        rm -f -- "$configuration"
    fi
    cache_refresh
}

main() {
    case "$#-${1-}" in
    1--h | 1---help) help_print "$0" ;;
    2-add) load_path_add "$2" ;;
    2-remove) load_path_remove "$2" ;;
    *) die 64 "expected add or remove, and a directory" "sh scripts/load-path.sh -h" ;;
    esac
}

main "$@"
