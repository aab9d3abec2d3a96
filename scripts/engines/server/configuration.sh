# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# The configuration of a server and of a database on it, for the comparison of environments, as
# sqlite/configuration.sh has it for a file: the operations come from the mirror, the objects from the
# part `objects`, and the rest from the engine:
#
#   configuration_facts KEY   the rows of a key, into $scratch/rows: key, name, kind and value
#
# Besides text and number there are the kinds `value`, a text that may hold a secret, and `named`, which is
# one as a whole where its name says so.

. "$here/engines/server/mirror.sh"
. "$here/engines/server/objects.sh"
. "$here/engines/sqlite/configuration.sh"

engine_configuration_keys() {
    printf 'settings extensions roles database schema migrations'
}

# What can change in a moment, the objects and the operations, is of the same one.
engine_configuration() {
    configuration_keys=" $* "
    configuration_key=schema
    case $configuration_keys in
    *' schema '*) set -- objects_steady configuration_take ;;
    *) set -- configuration_take ;;
    esac
    "$@" || {
        engine_message="cannot read the key $configuration_key: $engine_message"
        return 1
    }
    printf 'end\036' >>"$scratch/rows" || die 74 "cannot write into the temporary folder"
}

configuration_take() {
    : >"$scratch/facts"
    for configuration_key in $configuration_keys; do
        case $configuration_key in
        schema) configuration_schema ;;
        migrations) configuration_migrations ;;
        *) configuration_facts "$configuration_key" ;;
        esac || return 1
        cat -- "$scratch/rows" >>"$scratch/facts" || die 74 "cannot write into the temporary folder"
    done
    configuration_key=schema
    mv -- "$scratch/facts" "$scratch/rows"
}

configuration_schema() {
    {
        awk 'BEGIN { RS = ORS = "\036"; FS = OFS = "\037" } { print "schema", $1, "text", $2 }' "$scratch/objects" &&
            printf 'schema\037fingerprint\037text\037%s\036' "$objects_fingerprint"
    } >"$scratch/rows" || die 74 "cannot write into the temporary folder"
}

configuration_migrations() {
    configuration_sql=$(configuration_query migrations)
    mirror_load && extension_call "$scratch/mirror" "$configuration_sql"
}
