# shellcheck shell=sh disable=SC2034,SC2154
# Scratch databases: what is in a dump is proven by putting it into a database of its own on the server,
# which goes again, however the run ends. Its name, migrate_scratch_TIME_RANDOM, is one that nobody has: it
# is made, or nothing is done. One that a killed run has left goes with the next run a day later.
#
# What differs is in the part `copy` of the engine:
#
#   copy_make NAME         makes the empty database, with what the database of the connection is made with
#   copy_furnish NAME      makes in an empty database what operations need before the first of them
#   copy_fill NAME FILE    puts the content of FILE into it
#   copy_drop NAME         removes a database, with one client that a signal does not stop
#   copy_look NAME         has the functions of the engine work on that database
#   copy_back              and on that of the connection again
#   copy_leftover          a query for scratch databases in which nobody is: their names
#   copy_text NAME         has a client write that database as SQL to standard output, by server_start
#   copy_text_of FILE      the same for what is in FILE
#   copy_split             separates the rows in such SQL, which it prints, from the rest, which goes to
#                          $copy_rest; which program wrote it goes to $copy_rest.head
#   copy_objects FILE      prints the objects that the rest defines
#   copy_count             sets engine_row_count to the rows of all tables of that database

copy_name=

# Sets status, message and hint of a failure.
engine_fail() {
    engine_status=$1
    engine_message=$2
    [ -z "${3-}" ] || engine_message="$2
hint: $3"
    return 1
}

# Starts $2..., which reads or writes a dump, with its output in file $1. Unlike a client it is not asked what
# it left: a signal ends it, and the run.
copy_start() {
    server_output=$1
    server_code=
    server_line=
    server_lost=
    shift
    "$@" </dev/null >"$server_output" 2>"$scratch/error" 9<&- 8<&- 7<&- &
    scratch_wait "$!" && return
    [ -z "$scratch_signalled" ] || scratch_end
    server_explain "$scratch_status"
    return 1
}

# The same with $server_program, and its output in $scratch/rows.
copy_tool() {
    copy_start "$scratch/rows" "$server_program" "$@"
}

# Prints a name for a scratch database.
copy_new_name() (
    random=$(od -An -N 8 -t x1 /dev/urandom | tr -d ' \n')
    now=$(date -u +%Y%m%d%H%M%S)
    printf 'migrate_scratch_%s_%s' "$now" "$random"
)

# Makes the content of file $1 a scratch database, on which the functions of the engine work from here on.
engine_trial_begin() {
    copy_clean
    copy_new=$(copy_new_name)
    # What a signal interrupts may have been done.
    copy_last=$scratch_last
    scratch_last=copy_end
    copy_name=$copy_new
    copy_make "$copy_name" || {
        # Somebody else has that one, or it may not be made.
        case $server_code:$engine_status in
        42P04:* | 1007:* | *:77) copy_name= ;;
        *) ;;
        esac
        return 1
    }
    copy_fill "$copy_name" "$1" || return 1
    copy_look "$copy_name"
}

# Removes it, and says so when that is not possible.
engine_trial_end() {
    copy_back
    copy_gone=$copy_name
    copy_name=
    scratch_last=$copy_last
    [ -z "$copy_gone" ] || copy_drop "$copy_gone" || warn "cannot remove the scratch database $copy_gone of $engine_shown"
}

# The end of a run that has not come to that.
copy_end() {
    engine_trial_end
    [ -z "$scratch_last" ] || "$scratch_last"
}

# What is older than a day, by its name. Whatever goes wrong here is nobody's concern.
copy_clean() {
    copy_before=$(copy_yesterday) || return 0
    server_ask "$copy_leftover" || return 0
    tr '\036' '\n' <"$scratch/rows" | awk -v before="$copy_before" '
        /^migrate_scratch_[0-9]+_[0-9a-f]+$/ && length($0) == 47 && substr($0, 17, 14) < before' >"$scratch/leftover"
    while IFS= read -r copy_old; do
        copy_drop "$copy_old" </dev/null || :
    done <"$scratch/leftover"
}

# The time a day ago, by the clock of this machine.
copy_yesterday() {
    extension_call :memory: "SELECT strftime('%Y%m%d%H%M%S', 'now', '-1 day')" || return 1
    tr -d '\036' <"$scratch/rows"
}

# Reads SQL that command $2... writes: the checksum of its rows goes into copy_sum, the rest of it into the
# file $1, without what differs between two dumps of the same.
copy_read() {
    copy_rest=$1
    shift
    rm -f -- "$scratch/text" "$copy_rest"
    mkfifo -- "$scratch/text" || die 73 "cannot make a named pipe in the temporary folder" "check TMPDIR"
    copy_split <"$scratch/text" | ${copy_order:-cat} | checksum_run >"$scratch/copy.sum" 9<&- 8<&- 7<&- &
    copy_reader=$!
    copy_result=0
    copy_start "$scratch/text" "$@" || copy_result=1
    wait "$copy_reader" || :
    [ "$copy_result" -eq 0 ] || return 1
    read -r copy_sum copy_ignored <"$scratch/copy.sum" || copy_sum=
    checksum_valid "$copy_sum" || die 74 "cannot write into the temporary folder" "check the free space, or set TMPDIR"
}

# Fails unless the scratch database holds what is in file $1: the same rows, the same objects. What defines
# them is not compared: a server may write it in another way than it was written. Sets engine_row_count.
engine_trial_same() {
    copy_back
    copy_order=
    copy_compare "$1" || return 1
    if ! cmp -s "$scratch/given.head" "$scratch/copied.head"; then
        warn "the rows are not compared: the dump was written by another version of the program"
        copy_sum=$copy_expected
    elif [ "$copy_sum" != "$copy_expected" ]; then
        # A server may keep the rows of a table in another order.
        copy_order="sort"
        copy_compare "$1" || return 1
    fi
    copy_look "$copy_name"
    copy_count || return 1
    [ "$copy_sum" = "$copy_expected" ] ||
        engine_fail 65 "what is in the dump and what the server makes of it are not the same: there are other rows" \
            "triggers or rules may change what is loaded; keep other copies of the data" || return 1
    copy_missing=$(copy_objects "$scratch/given" | copy_lines_missing) || copy_missing=
    [ -z "$copy_missing" ] ||
        engine_fail 65 "what is in the dump is not in the database that was made from it: $copy_missing"
}

copy_compare() {
    copy_text_of "$1" || return 1
    copy_expected=$copy_sum
    copy_text "$copy_name"
}

# Prints the first line of standard input that is not in the copy.
copy_lines_missing() {
    copy_objects "$scratch/copied" >"$scratch/objects.copied"
    COPY_THERE=$scratch/objects.copied awk '
        BEGIN { while ((getline line <ENVIRON["COPY_THERE"]) > 0) there[line] = 1 }
        !($0 in there) { print; exit }'
}
