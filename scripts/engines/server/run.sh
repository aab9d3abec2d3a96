# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# Carries out what plan.sh has written: one client for all steps, or for those up to the next program.
#
#   run_steps    carries out the steps of the plan
#   run_file     has a client run $scratch/steps.sql
#
# Both set run_version, the version that the database is at; where they fail, run_changed is set when
# nothing was done, because another run has changed the state that the plan was made for.

. "$here/engines/server/follow.sh"
. "$here/engines/server/blame.sh"

run_steps() {
    run_first=1
    run_changed=
    while [ "$run_first" -le "$plan_count" ]; do
        run_last=$plan_count
        if [ "$plan_next" = "$run_first" ]; then
            run_last=$run_first
            run_program || return 1
        elif [ "$plan_next" -gt 0 ]; then
            run_last=$((plan_next - 1))
        fi
        plan_write "$run_first" "$run_last" || return 1
        run_file || {
            run_give_up
            return 1
        }
        mirror_state=$run_state
        run_first=$((run_last + 1))
        plan_find_program "$run_first" || return 1
    done
}

# What was done before the next program stays, and the plan does not fit any more.
run_give_up() {
    if [ -z "$run_changed" ]; then
        blame
    elif [ "$run_first" -gt 1 ]; then
        run_changed=
        engine_status=75
        engine_message="another run has changed $engine_shown while this one was at work
hint: what was committed before stays; run again to go on"
    fi
}

# Runs the program of step $run_first, which prints what the client gets.
run_program() {
    run_changed=
    run_started=$(date -u +%Y-%m-%dT%H:%M:%S.000Z) || die 69 "cannot ask for the date"
    plan_program "$run_first" && return
    blame_program "$run_first"
    return 1
}

run_file() {
    mirror_forget
    run_changed=
    run_version=
    rm -f -- "$scratch/marks"
    : >"$scratch/followed"
    mkfifo -- "$scratch/marks" || die 73 "cannot make a named pipe in the temporary folder" "check TMPDIR"
    # Both ends are open before anybody works with them, so that nobody waits for one who has died.
    exec 5<>"$scratch/marks"
    exec 6<"$scratch/marks"
    (
        exec <&6 5<&- 6<&- 7<&- 8<&- 9<&-
        session_follow
    ) &
    run_follower=$!
    exec 6<&-
    run_result=0
    server_run "$scratch/steps.sql" "$scratch/marks" || run_result=1
    exec 5<&-
    wait "$run_follower" || :
    run_what=
    run_step=
    run_started=
    read -r run_what run_step run_started <"$scratch/followed" || :
    case $run_what in
    changed)
        run_changed=yes
        return 1
        ;;
    end) ;;
    *) [ "$run_result" -ne 0 ] || {
        run_result=1
        server_line=
        server_lost=yes
        engine_status=1
        engine_message="the client ended before the run was over, and said nothing"
    } ;;
    esac
    if [ "$run_result" -ne 0 ]; then
        [ -n "$run_step" ] || session_explain
        return 1
    fi
    run_version=$run_step
    run_state=$run_started
}
