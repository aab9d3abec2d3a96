#!/bin/sh
# Compares sqlite-migrate on a PostgreSQL server with psql, which is fed the same statements and inserts
# the same rows into the same tables.
#
# Usage: sh tests/bench/servers.sh LIBRARY [ROUNDS]
#
# In each of the ROUNDS (3) all that is compared is run, one thing after the other. Prints a table. Exit
# status: 0 when all limits were kept, 1 when not, 64 without a LIBRARY.
#
# Environment: TMPDIR, the folder that the server's is made in; it has to be on a disk.
set -eu
LC_ALL=C
export LC_ALL
unset CDPATH MAKEFLAGS MFLAGS MAKELEVEL

case ${1-} in
-h | --help)
    sed -n '2,/^set /{ /^set /d; s/^# \{0,1\}//; p; }' "$0"
    exit 0
    ;;
'')
    printf 'usage: sh tests/bench/servers.sh LIBRARY [ROUNDS]\n' >&2
    exit 64
    ;;
*) ;;
esac

cd -- "$(dirname -- "$0")/../.."
if [ -z "${postgresql_folder-}" ]; then
    exec bash tests/bench/lib/server.bash sh tests/bench/servers.sh "$@"
fi
. tests/bench/lib/sample.sh
. tests/bench/lib/table.sh
. tests/bench/lib/workload.sh
. tests/bench/lib/postgresql.sh

case $1 in
/*) library=$1 ;;
*) library=$PWD/$1 ;;
esac
rounds=${2-3}
scripts=$PWD/scripts
# shellcheck disable=SC2046 # names of variables hold no blanks
unset MIGRATIONS_DIR $(env | sed -n 's/^\(MIGRATE_[A-Z_]*\)=.*/\1/p')
export MIGRATE_EXTENSION="$library" DATABASE_URL="postgresql:///app?host=$PGHOST&user=$PGUSER"

work=$(mktemp -d)
trap 'cd / && rm -rf -- "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd -- "$work"
sample_dir=$work/samples

print_conditions() {
    conditions_disk=$(df -PT -- "$postgresql_folder" 2>/dev/null | awk 'NR == 2 { print $2 }') || conditions_disk=
    conditions_version=$(postgresql_ask -d postgres -c 'SHOW server_version')
    printf 'PostgreSQL %s, file system %s, %d rounds\n' "$conditions_version" "${conditions_disk:-unknown}" "$rounds"
    printf 'the round whose ratio is in the middle; with fsync, where the row does not say otherwise\n\n'
}

postgresql_find_client
sample_init
print_conditions
table_head
postgresql_measure
postgresql_measure_applied
exit "$table_status"
