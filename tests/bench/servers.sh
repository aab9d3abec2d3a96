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
cd -- "$(dirname -- "$0")/../.."
if [ -z "${postgresql_folder-}" ] && [ -n "${1-}" ]; then
    exec bash tests/bench/lib/server.bash sh tests/bench/servers.sh "$@"
fi
. tests/bench/lib/start.sh
. tests/bench/lib/postgresql.sh
bench_start servers 3 "$@"
scripts=$PWD/scripts
export MIGRATE_EXTENSION="$library" DATABASE_URL="postgresql:///app?host=$PGHOST&user=$PGUSER"
cd -- "$work"

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
