# shellcheck shell=sh disable=SC2154
# The command line of a program: options anywhere on it, as `--option VALUE` or `--option=VALUE`, and `--`,
# behind which everything is a word. A program says what its options are:
#
#   option_takes_value OPTION   true for one that takes a value
#   option_set OPTION VALUE     sets it; the value is not empty
#   option_switch OPTION        sets one that takes none; fails when there is no such option

# Reads $2..., and then calls function $1 with the words among them. Only the name of an option is shown:
# its value may be a secret.
arguments_read() {
    arguments_then=$1
    shift
    arguments_left=$#
    arguments_ended=
    while [ "$arguments_left" -gt 0 ]; do
        arguments_next=$1
        shift
        arguments_left=$((arguments_left - 1))
        case $arguments_ended$arguments_next in
        --) arguments_ended=yes ;;
        -h | --help)
            help_print "$0"
            return
            ;;
        --*=*)
            option_takes_value "${arguments_next%%=*}" ||
                die 64 "unknown option: ${arguments_next%%=*}" "$program --help"
            arguments_set "${arguments_next%%=*}" "${arguments_next#*=}"
            ;;
        -?*)
            if option_takes_value "$arguments_next"; then
                [ "$arguments_left" -gt 0 ] || die 64 "option $arguments_next needs a value" "$program --help"
                arguments_set "$arguments_next" "$1"
                shift
                arguments_left=$((arguments_left - 1))
            else
                option_switch "$arguments_next" || die 64 "unknown option: $arguments_next" "$program --help"
            fi
            ;;
        *) set -- "$@" "$arguments_next" ;;
        esac
    done
    "$arguments_then" "$@"
}

arguments_set() {
    [ -n "$2" ] || die 64 "option $1 needs a value" "$program --help"
    option_set "$1" "$2"
}
