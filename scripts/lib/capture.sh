# shellcheck shell=sh disable=SC2154
# Captures: what they are called, what is in them, how one comes to be and which are kept.
#
# ENV_TIMESTAMP.txt has a header (who, when), an empty line, and a body that is the same wherever the
# state is the same. The last line shows that the file is whole. Values hold no blanks and no control
# characters; what is not known is `-`. Of the message of a problem, this is the first line.

capture_end='end of capture'

# Prints the name of connection $1 for a header: never a URL.
capture_connection() (
    case $1 in
    *:*) name=${engine_shown##*/} ;;
    *) name=${1:-default} ;;
    esac
    printf '%s %s' "$connection_engine" "$name" | tr '\000-\037\177' '?'
)

# Prints the capture of environment $1, taken at $2 on connection $3, from the rows.
capture_print() {
    # shellcheck disable=SC2312 # a header without a name would do no harm
    CAPTURE_CONNECTION=$(capture_connection "$3") awk -v environment="$1" -v stamp="$2" -v last="$capture_end" '
        function clean(text) {
            gsub(/[\001-\037\177]/, "?", text)
            return text == "" ? "-" : text
        }
        function word(text) {
            gsub(/ /, "-", text)
            return clean(text)
        }
        function operation(version, task, description, date, state, findings, checksum, path) {
            printf "%-7s  %-12s  %-32s  %-10s  %-9s  %-12s  %-64s  %s\n", version, task, description, date,
                state, findings, checksum, path
        }
        BEGIN { RS = "\036"; FS = "\037" }
        { sub(/^\n/, "") }
        $1 == "version" { version = $2 }
        $1 == "fingerprint" { fingerprint = $2 }
        $1 == "problem" {
            sub(/\n.*/, "", $4)
            problem[++problems] = clean($2) ": " clean($3) ": " clean($4)
        }
        $1 == "operation" {
            count[$6]++
            line[++operations] = $0
        }
        $1 == "end" { whole = 1 }
        END {
            if (!whole) exit 1
            print "environment: " environment
            print "captured: " substr(stamp, 1, 4) "-" substr(stamp, 5, 2) "-" substr(stamp, 7, 5) \
                ":" substr(stamp, 12, 2) ":" substr(stamp, 14)
            print "connection: " ENVIRON["CAPTURE_CONNECTION"] "\n"
            print "version: " version
            print "fingerprint: " fingerprint
            print "operations: " operations + 0
            states = split("completed pending rollback running failed", state, " ")
            for (i = 1; i <= states; i++) print state[i] ": " count[state[i]] + 0
            print "problems: " problems + 0 "\n"
            for (i = 1; i <= problems; i++) print "problem: " problem[i] (i == problems ? "\n" : "")
            operation("version", "task", "description", "date", "state", "findings", "checksum", "file")
            for (i = 1; i <= operations; i++) {
                split(line[i], part, FS)
                operation(word(part[2]), word(part[3]), word(part[4]), word(part[5]), word(part[6]),
                    word(part[7]), word(part[8]), word(part[9]))
            }
            print last
        }
    ' "$scratch/rows"
}

# Takes a capture of environment $1 on connection $2, and sets capture_path. No two have the same name:
# where one of this second is there, the next waits for another second, and reads anew, so that the
# newest name has the newest state.
capture_take() {
    capture_tries=0
    while [ "$capture_tries" -lt 60 ]; do
        capture_tries=$((capture_tries + 1))
        capture_stamp=$(date -u +%Y%m%dT%H%M%SZ) || die 69 "cannot ask for the date"
        capture_path=$environment_folder/$1_$capture_stamp.txt
        if [ ! -e "$capture_path" ] && [ ! -h "$capture_path" ]; then
            engine_capture || engine_die
            environment_temporary
            { capture_print "$1" "$capture_stamp" "$2" >"$scratch_file"; } 2>"$scratch/error" ||
                die 74 "cannot write in the folder $environment_shown" "check the free space"
            environment_complete "$capture_end"
            (umask "$caller_umask" && chmod '=rw' "$scratch_file") || die 77 "cannot set the mode of a file in $environment_shown"
            ln "$scratch_file" "$capture_path" 2>"$scratch/error" && break
            [ -e "$capture_path" ] || [ -h "$capture_path" ] ||
                die 73 "cannot create ${capture_path#./}" "the folder must take hard links"
            rm -f -- "$scratch_file"
        fi
        sleep 1
    done
    [ "$capture_tries" -lt 60 ] || die 75 "there is a capture of $1 for each second" "look at the clock, and try again"
    rm -f -- "$scratch_file"
    # shellcheck disable=SC2034 # scratch.sh reads it
    scratch_file=
}
