# shellcheck shell=sh disable=SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What a capture holds of a server's database and its folder: see sqlite/capture.sh. The rows are those of
# the mirror; the fingerprint is that of the server's schema.

. "$here/engines/server/mirror.sh"
. "$here/engines/server/objects.sh"
. "$here/engines/sqlite/capture.sh"

engine_capture() {
    export MIGRATE_SCRIPTS=on
    objects_steady engine_capture_take
}

engine_capture_take() {
    mirror_load || return 1
    engine_capture_sql=$(engine_capture_query "'$objects_fingerprint'")
    extension_call "$scratch/mirror" "$engine_capture_sql"
}
