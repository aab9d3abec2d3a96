# shellcheck shell=sh disable=SC2034,SC2154
# What a client of MySQL or MariaDB says when it fails, as a status and a message. Numbers of errors:
# https://mariadb.com/kb/en/mariadb-error-code-reference/

# Sets engine_status, engine_message, server_code, server_line and server_lost from $scratch/error and the
# exit status $1. The client says `ERROR NUMBER (STATE) at line LINE: text`, where LINE is that of the
# request's first line; a dump program says `NAME: Got error: NUMBER: "text" when doing something`.
server_explain() {
    server_text=$(sed -n '/^ERROR [0-9]* /,$p' "$scratch/error")
    [ -n "$server_text" ] || server_text=$(sed -n '/^[a-z-]*: Got error: /,$p' "$scratch/error")
    [ -n "$server_text" ] || server_text=$(sed "/^--*$/d; /^$/d; /^Warning: .*: unknown variable 'loose-/d" "$scratch/error")
    server_first=$(printf '%s\n' "$server_text" | head -n 1)
    server_line=$(printf '%s\n' "$server_first" | sed -n 's/^ERROR [0-9]* ([0-9A-Z]*) at line \([0-9]*\).*/\1/p')
    server_code=$(printf '%s\n' "$server_first" | sed -n 's/^ERROR \([0-9]*\) .*/\1/p; s/^[a-z-]*: Got error: \([0-9]*\): .*/\1/p')
    engine_message=$(printf '%s\n' "$server_text" | sed '
        1s/^ERROR [0-9]* ([0-9A-Z]*)\( at line [0-9]*\)\{0,1\}: //; 1s/^[a-z-]*: Got error: [0-9]*: //')
    engine_status=$(server_status "$server_code")
    case $server_code in
    2006 | 2013 | 2055 | 1927 | 3169 | 4031) server_lost=yes ;;
    1317) [ -n "$scratch_signalled" ] || server_lost=yes ;;
    *) ;;
    esac
    if [ "$1" -ge 128 ]; then
        server_lost=yes
    fi
    if [ -z "$engine_message" ]; then
        engine_message="${server_command##*/} ended with status $1 and said nothing"
        engine_status=1
    fi
    [ -z "$server_lost" ] || server_explain_lost
    server_explain_start
    if [ -n "$scratch_signalled" ]; then
        engine_status=130
    fi
}

server_explain_lost() {
    engine_status=69
    case $server_code in
    '' | 1317) return ;;
    2006 | 2013) server_word= ;;
    *) server_word=$engine_message ;;
    esac
    engine_message="the connection to $engine_shown was lost${server_word:+: $server_word}
hint: check whether the server runs, and run again"
}

# Prints the exit status for the error number $1.
server_status() (
    case $1 in
    1040 | 1203 | 1226 | 1053 | 200[2356] | 2026 | 2013) printf 69 ;;
    1044 | 1045 | 1142 | 1143 | 1227 | 1290 | 1370 | 1698 | 1792 | 1836) printf 77 ;;
    1049) printf 66 ;;
    1205 | 1213 | 3572) printf 75 ;;
    3 | 1021 | 1114 | 1026) printf 74 ;;
    1037 | 1038 | 1041) printf 71 ;;
    1034 | 1035 | 1194 | 1712) printf 65 ;;
    *) printf 1 ;;
    esac
)

# Why a session did not begin. What a statement is refused for has a line.
server_explain_start() {
    [ -z "$server_line" ] || return 0
    case $server_code in
    1040 | 1203 | 1226 | 1053) server_hint="try again later" ;;
    1044 | 1045 | 1698) server_hint="check user and password: in the URL, the option file or MYSQL_PWD" ;;
    1049) server_hint="check the URL; CREATE DATABASE makes a database" ;;
    200[235] | 2026) server_hint="check the URL, and whether the server runs" ;;
    *) return 0 ;;
    esac
    engine_message="cannot connect to $engine_shown: $engine_message
hint: $server_hint"
}
