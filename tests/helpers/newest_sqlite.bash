# The newest SQLite, for the tests that run on it too. They are skipped, and say why, where it cannot be had:
# without npm (which the set-up installs), or without a registry.

# To be called in setup_file(): builds it below build/, which is never committed, once. $newest_sqlite is its folder,
# and $newest_missing says why there is none.
newest_sqlite_build() {
    local top
    top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export newest_sqlite=$top/build/newest-sqlite newest_missing=
    newest_missing=$(sh "$top/tests/helpers/newest_sqlite.sh" "$newest_sqlite" 2>&1) || :
    [ -z "$newest_missing" ] || printf '# SKIPPED: nothing is tested on it: %s\n' "$newest_missing" >&3
}

# Has the sqlite3 shell run on it from here on.
use_newest_sqlite() {
    [ -z "$newest_missing" ] || skip "$newest_missing"
    export LD_LIBRARY_PATH=$newest_sqlite
}
