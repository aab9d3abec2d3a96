# shellcheck shell=sh disable=SC2154
# Where the files of a new operation come to be.

# Ends the program when task $1 or description $2 of an operation of kind $3 breaks a rule of ext/name.h.
operation_check() {
    case ${1%-*} in
    '' | [!A-Z]* | *[!A-Z0-9]*) operation_check_failed=yes ;;
    *) operation_check_failed= ;;
    esac
    case ${1##*-} in
    '' | *[!0-9]*) operation_check_failed=yes ;;
    *) ;;
    esac
    [ -z "$operation_check_failed" ] ||
        die 65 "the task name \"$1\" is not capital letters and digits, a hyphen, and digits" "TASK-123 is one"
    case $2 in
    *[!A-Za-z0-9_-]*)
        die 65 "the description \"$2\" may hold letters, digits, \"-\" and \"_\" only" "create-users-table is one"
        ;;
    *) ;;
    esac
    case $3-$2 in
    program-*_up | program-*_down)
        die 65 "the name of a program cannot end in _up or _down; one program does both directions"
        ;;
    *) ;;
    esac
    [ "$((${#1} + ${#2}))" -le 225 ] || die 65 "the task name and the description are too long for the name of a file"
}

# Writes file $1, which must not be there, for part $2 of operation $3. It is there whole or not at all.
operation_put() {
    operation_part=${1%/*}/.new.$$
    operation_result=0
    (
        umask "$caller_umask"
        template_text "$2" "$3" >"$operation_part" || exit
        [ "$2" != program ] || chmod +x "$operation_part"
    ) && ln -- "$operation_part" "$1" 2>"$scratch/error" || operation_result=1
    rm -f -- "$operation_part"
    return "$operation_result"
}

# Prints how many operations the folder has with the version that operation $1 (VERSION-...) has.
operation_count() (
    count=0
    for file in "$2"/*/"${1%%-*}"-*; do
        case $file in
        *_down.sql) ;;
        *) [ ! -e "$file" ] || count=$((count + 1)) ;;
        esac
    done
    printf '%d' "$count"
)

# Writes an operation below folder $1 (task $2, description $3, kind $4). Where somebody else has taken
# the same version meanwhile, both see it, and both go back and take the next one.
operation_write() {
    operation_date=$(date -u +%Y-%m-%d) || die 69 "cannot ask for the date"
    (umask "$caller_umask" && mkdir -p -- "$1/$operation_date") ||
        die 73 "cannot create $1/$operation_date" "check the folder and its permissions"
    operation_tries=0
    while [ "$operation_tries" -lt 50 ]; do
        operation_tries=$((operation_tries + 1))
        engine_rows last || {
            # Somebody may be on the way back from the same version.
            [ "$operation_tries" -lt 10 ] || engine_die
            continue
        }
        operation_version=$(report_value)
        operation_name=$(printf '%04d-%s-%s' "$((operation_version + 1))" "$2" "$3")
        operation_first=up
        set -- "$1" "$2" "$3" "$4" \
            "$1/$operation_date/${operation_name}_up.sql" "$1/$operation_date/${operation_name}_down.sql"
        if [ "$4" = program ]; then
            operation_first=program
            set -- "$1" "$2" "$3" "$4" "$1/$operation_date/$operation_name.sh"
        fi
        operation_put "$5" "$operation_first" "$operation_name" || {
            [ -e "$5" ] && continue
            die 73 "cannot write $5" "check the folder, its permissions and the free space"
        }
        operation_others=$(operation_count "$operation_name" "$1")
        if [ "$operation_others" -gt 1 ]; then
            rm -f -- "$5"
            continue
        fi
        [ "$4" = program ] || operation_put "$6" down "$operation_name" || {
            rm -f -- "$5"
            die 73 "cannot write $6" "check the folder, its permissions and the free space"
        }
        shift 4
        printf '%s\n' "$@"
        return
    done
    die 75 "others are writing operations in $1 all the time" "try again"
}
