#!/usr/bin/env bash
# Runs a command that has a PostgreSQL server of its own, which is stopped behind it.
#
# Usage: bash tests/bench/lib/server.bash COMMAND [ARGUMENT]...
set -eu

# shellcheck source=/dev/null # it is looked at by itself; together it takes shellcheck more than a minute
source "${BASH_SOURCE[0]%/*}/../../helpers/postgresql.bash"

trap postgresql_stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
# shellcheck disable=SC2119 # the socket is enough
postgresql_start
"$@"
