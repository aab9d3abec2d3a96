# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/../..
# Putting a dump in the place of a database. The part `snapshot` has what this one needs; sqlite/restore.sh
# lists the functions.
#
# Databases of MySQL cannot be renamed, and what defines them is in no transaction, so the dump is put into a
# scratch database first, which proves that it can be. Only then the database is made anew, and filled. A
# kill in that last step leaves a part of it; so that nobody takes that for a database, it has the table
# $server_unfinished from its first to its last moment.

. "$here/engines/server/restore.sh"

# Ends the program where the database cannot be restored into; $1 is empty when nobody has said that what is
# in it may go. What a killed restore has left is not worth a snapshot.
engine_replaceable() {
    engine_exists || die 66 "there is no database $engine_shown" "CREATE DATABASE makes one"
    snapshot_count || engine_die
    restore_confirm "$1" "$snapshot_count"
    [ "$snapshot_count" = 0 ] || [ -n "$snapshot_unfinished$drill" ] || [ -z "$no_snapshot" ] ||
        die 64 "--no-snapshot cannot be used where the database is not empty: MySQL cannot keep it under another name" \
            "the snapshot is the only way back"
    [ "$snapshot_count" = 0 ] || [ -n "$snapshot_unfinished$drill" ] || sight_all "$url_database" || engine_die
}

engine_present() {
    if [ "$snapshot_count" = 0 ] || [ -n "$snapshot_unfinished" ]; then
        printf 'nothing\n'
    else
        printf 'database\n'
    fi
}

# Sets engine_users to the sessions of others, of which this user may see their own only.
engine_in_use() {
    engine_blind=
    server_value "SELECT count(*) FROM information_schema.user_privileges WHERE privilege_type = 'PROCESS'
        AND grantee = concat('''', replace(current_user(), '@', '''@'''), '''')" || engine_die
    [ "$server_answer" != 0 ] || engine_blind="the user has not the privilege PROCESS"
    server_ask "SELECT id, user, host FROM information_schema.processlist
        WHERE db = $snapshot_here AND id <> connection_id() ORDER BY id" || engine_die
    engine_users=$(awk 'BEGIN { RS = "\036"; FS = "\037" }
        NF > 2 { list = list (list == "" ? "" : ", ") $1 " (" $2 (($3 == "localhost" || $3 == "") ? "" : ", " $3) ")" }
        END { if (list != "") print "session " list }' "$scratch/rows")
    [ -n "$engine_users" ]
}

# There is no other name for the old database.
engine_keep_name() {
    printf '.'
}

# Proves that file $1 can be restored.
engine_prepare() {
    engine_trial_begin "$1" || return 1
    engine_trial_end
}

# Makes the database anew, and puts file $1 into it.
engine_replace() {
    engine_late=
    engine_kept=
    if engine_in_use; then
        engine_fail 75 "$engine_shown is open in $engine_users" "stop what works with it, then start again; nothing was changed"
        return 1
    fi
    copy_properties || return 1
    trap '' HUP INT TERM
    copy_anew "$url_database" "$copy_like" "$1" && return
    restore_reason=$(printf '%s\n' "$engine_message" | sed '/^hint: /d')
    engine_message="the restore of $engine_shown has stopped in the middle, and there is a part of it only: $restore_reason
hint: find out why, then restore ${safety_path:-$restore_shown} with --force"
    return 1
}
