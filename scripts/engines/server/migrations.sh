# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What changes a server's database. The state is read under the lock that all runs take, the extension plans
# on the mirror, and one client carries the steps out: it takes the lock again, and goes on only where the
# state is still that of the plan. Where another run was faster, all of it begins anew.

. "$here/engines/server/mirror.sh"
. "$here/engines/server/plan.sh"
. "$here/engines/server/run.sh"
# shellcheck source=/dev/null
. "$here/engines/server/fresh.sh"

engine_apply() {
    migrations_run apply "$1"
}

engine_rollback() {
    migrations_run rollback "$1"
}

engine_to() {
    migrations_run to "$1"
}

engine_redo() {
    migrations_run redo "$1"
}

# A server's database is not copied into a file, and MySQL commits at each statement that changes the schema.
engine_rehearse() {
    engine_status=64
    engine_message="$engine_shown is on a server, and rehearse works on a copy of a file of SQLite
hint: preflight.sh tries the operations on a scratch database of the server"
    return 1
}

# Carries out request $1 with the words $2 of a person, and prints the version into $scratch/rows.
migrations_run() {
    migrations_tries=0
    : >"$scratch/shown"
    while :; do
        mirror_load locked && plan_make "$1" "$2" || return 1
        if [ "$plan_count" -eq 0 ]; then
            extension_call "$scratch/mirror" "SELECT coalesce(max(version), 0) FROM migrations_applied WHERE status = 'completed'"
            return
        fi
        run_steps && break
        [ -n "$run_changed" ] || return 1
        migrations_tries=$((migrations_tries + 1))
        if [ "$migrations_tries" -ge 10 ]; then
            engine_status=75
            engine_message="other runs change $engine_shown all the time
hint: try again later"
            return 1
        fi
    done
    [ "$plan_alone" = 0 ] || session_look
    printf '%s\036' "$run_version" >"$scratch/rows"
    mv -f -- "$scratch/shown" "$scratch/progress" || die 74 "cannot write into the temporary folder"
}

# What changes the tracking table alone is done on the mirror, and the rows that it changed are written back.
engine_baseline() {
    migrations_word=$(quote_sql "$1")
    migrations_settle "SELECT migrate_baseline($migrations_word)"
}

engine_repair() {
    migrations_word=$(quote_sql "$1")
    migrations_outcome=$(quote_sql "$2")
    migrations_settle "SELECT migrate_repair($migrations_word, $migrations_outcome)"
}

migrations_settle() {
    migrations_tries=0
    while :; do
        mirror_load locked && plan_settle "$1" || return 1
        run_file && break
        if [ -z "$run_changed" ] || [ "$migrations_tries" -ge 10 ]; then
            return 1
        fi
        migrations_tries=$((migrations_tries + 1))
    done
    printf '%s\036' "$plan_answer" >"$scratch/rows"
}

# The offline script, from the state that the server has.
engine_script() {
    mirror_load || return 1
    engine_from=$(quote_sql_or_null "$1")
    engine_target=$(quote_sql_or_null "$2")
    extension_mode=-list
    engine_script_result=0
    extension_call "$scratch/mirror" "SELECT rtrim(migrate_script(NULL, $engine_from, $engine_target), char(10))" || engine_script_result=1
    extension_mode=-ascii
    return "$engine_script_result"
}

engine_verify() {
    mirror_load || return 1
    extension_call "$scratch/mirror" 'SELECT migrate_verify()'
}

# Runs SQL files in one transaction. The path of the one that failed is the last row.
engine_seed() {
    : >"$scratch/rows"
    engine_count=0
    session_seeds_begin >"$scratch/seed.sql" || die 74 "cannot write into the temporary folder"
    for engine_file; do
        engine_count=$((engine_count + 1))
        session_seed "$engine_count" "$engine_file" >>"$scratch/seed.sql" || die 74 "cannot read $engine_file, or write into the temporary folder"
    done
    session_seeds_end >>"$scratch/seed.sql" || die 74 "cannot write into the temporary folder"
    engine_seed_result=0
    server_run "$scratch/seed.sql" "$scratch/answer" || engine_seed_result=1
    mirror_forget
    awk -v mark="$session_mark" '
        $1 != mark || ($2 == "end" && word != "whole") { next }
        $2 == "seed" { seed = $3 }
        { word = $2 }
        END { print seed + 0, word }' "$scratch/answer" >"$scratch/marked"
    IFS=' ' read -r engine_number engine_word <"$scratch/marked"
    [ "$engine_seed_result:$engine_word" != 0:end ] || return 0
    engine_seed_explain "$@"
}

# What went wrong, in which of the files.
engine_seed_explain() {
    if [ "$engine_seed_result" -eq 0 ]; then
        engine_status=65
        engine_message="no transaction is active"
        return 1
    fi
    [ "$engine_number" -gt 0 ] && [ -n "$server_line" ] || return 1
    shift "$((engine_number - 1))"
    printf '%s\n' "$1" >"$scratch/rows"
    engine_line=$(session_seed_place "$1")
    engine_message="${engine_line:+$engine_line:} $engine_message"
    return 1
}
