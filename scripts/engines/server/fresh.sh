# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# A new database in the place of an old one, as engine.sh has it. It is built beside the old one, as a scratch
# database (see copy.sh), which goes when it does not become the one. What differs is in the part `fresh` of
# the engine:
#
#   fresh_look         sets fresh_place, the name of the old database, and fresh_like, what the new one is made
#                      with; that is empty when there is no old one
#   fresh_make NAME    makes an empty database with $fresh_like
#   fresh_go NAME      has the functions of the engine work on that database

# shellcheck source=/dev/null
. "$here/engines/$connection_engine/copy.sh"
# shellcheck source=/dev/null
. "$here/engines/$connection_engine/fresh.sh"

engine_fresh_begin() {
    fresh_look
    fresh_name=$(copy_new_name)
    # What a signal interrupts may have been done.
    scratch_last=fresh_drop
    fresh_make "$fresh_name" || {
        scratch_last=
        engine_message="cannot make a new database beside $engine_shown: $engine_message"
        engine_die
    }
    fresh_go "$fresh_name"
    mirror_forget
}

fresh_drop() {
    copy_drop "$fresh_name" || warn "cannot remove the scratch database $fresh_name of $engine_shown"
}

# From here on it is not a scratch database any more.
fresh_done() {
    scratch_last=
    fresh_go "$fresh_place"
    mirror_forget
}
