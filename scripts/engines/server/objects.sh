# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# The fingerprint of a server's schema, and what is read together with it. Which objects count is said by
# the part `objects` of the engine.
#
#   objects_take                  writes the objects, name and digest, into $scratch/objects, and sets
#                                 objects_fingerprint
#   objects_steady FUNCTION...    calls the function when the objects were taken, and takes them again:
#                                 until nothing has changed meanwhile, so that all is of one moment

# shellcheck source=/dev/null
. "$here/engines/$connection_engine/objects.sh"

# An object without a digest is one whose text the user may not see.
objects_hidden() {
    objects_name=$(awk 'BEGIN { RS = "\036"; FS = "\037" } $2 == "" { print $1; exit }' "$scratch/rows")
    [ -n "$objects_name" ] || return 1
    engine_status=77
    engine_message="the user may not see the text of $objects_name
hint: take a user who sees the whole schema, such as the one who migrates it"
}

# The SHA-256 of the lines `name digest`, in the order of their bytes.
objects_take() {
    objects_ready || return 1
    objects_sql=$(objects_begin && objects_query) || exit
    server_ask "$objects_sql ORDER BY 1; COMMIT;" || return 1
    if objects_hidden; then
        return 1
    fi
    mv "$scratch/rows" "$scratch/objects"
    tr '\036\037' '\n ' <"$scratch/objects" >"$scratch/lines"
    sort "$scratch/lines" >"$scratch/sorted" || die 74 "cannot write into the temporary folder"
    objects_file=$(quote_sql "$scratch/sorted")
    extension_call :memory: "SELECT migrate_checksum(CAST(readfile($objects_file) AS TEXT))" || return 1
    objects_fingerprint=$(tr -d '\036' <"$scratch/rows")
}

objects_steady() {
    objects_tries=0
    while [ "$objects_tries" -lt 10 ]; do
        objects_tries=$((objects_tries + 1))
        objects_take || return 1
        objects_before=$objects_fingerprint
        "$@" || return 1
        mv "$scratch/rows" "$scratch/taken"
        objects_take || return 1
        if [ "$objects_fingerprint" = "$objects_before" ]; then
            mv "$scratch/taken" "$scratch/rows"
            return
        fi
    done
    engine_status=75
    engine_message="the schema of $engine_shown changes all the time
hint: try again when nobody is at work in it"
    return 1
}
