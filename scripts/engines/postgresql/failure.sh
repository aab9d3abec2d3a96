# shellcheck shell=sh disable=SC2034,SC2154
# What a client of PostgreSQL says when it fails, as a status and a message. Codes of errors:
# https://www.postgresql.org/docs/current/errcodes-appendix.html

# Sets engine_status, engine_message, server_code, server_line and server_lost from $scratch/error and the
# exit status $1. psql says `psql:FILE:LINE: ERROR:  CODE: text` and lines behind it; LINE is where the
# statement ends. A session that could not begin has no code.
server_explain() {
    server_text=$(awk '
        /^(psql|pg_dump|pg_restore|pg_dumpall)(:.*:[0-9]+)?: ((ERROR|FATAL|PANIC):  |server closed the connection)/ || /^[a-z_]+: error: / { inside = 1 }
        inside && !/^LOCATION: / { print }
    ' "$scratch/error") || server_text=
    server_first=$(printf '%s\n' "$server_text" | head -n 1)
    server_line=$(printf '%s\n' "$server_first" | sed -n 's/^psql:.*:\([0-9]*\): [A-Z]*:  .*/\1/p')
    server_code=$(printf '%s\n' "$server_first" | sed -n 's/^.*: [A-Z]*:  \([0-9A-Z]\{5\}\): .*/\1/p')
    engine_message=$(printf '%s\n' "$server_text" | sed '
        1s/^psql:.*:[0-9]*: [A-Z]*:  //; 1s/^[0-9A-Z]\{5\}: //; 1s/^[a-z_]*: error: //
        /^LINE [0-9]*: /,/^ *^$/d; /^[A-Z][A-Z ]* NAME:  /d; s/^HINT:  */hint: /; s/^DETAIL:  */detail: /; s/^CONTEXT:  */context: /')
    case $engine_message in
    *'server closed the connection'* | *'connection to server was lost'* | *'could not receive data'* | *'SSL connection has been closed'* | \
        *'terminating connection'* | *'could not send'*) server_lost=yes ;;
    *) ;;
    esac
    [ "$1" -lt 128 ] || server_lost=yes
    if [ -z "$engine_message" ]; then
        engine_message="${server_command##*/} ended with status $1 and said nothing"
        engine_status=1
        [ -z "$server_lost" ] || engine_status=69
    elif [ -n "$server_lost" ]; then
        server_explain_lost
    elif [ -n "$server_code" ]; then
        engine_status=$(server_status "$server_code")
    else
        server_explain_start "$1"
    fi
    if [ -n "$scratch_signalled" ]; then
        engine_status=130
    fi
}

# What psql says of a connection that was lost is the server's last word, if there was one, and lines of its own.
server_explain_lost() {
    engine_status=69
    server_word=$(printf '%s\n' "$engine_message" | sed -n '1{ /closed the connection/d; s/^psql:.*:[0-9]*: //; p; }')
    engine_message="the connection to $engine_shown was lost${server_word:+: $server_word}
hint: check whether the server runs, and run again"
}

# Prints the exit status for the error code $1.
server_status() (
    case $1 in
    08* | 57P0[1-5] | 53300) printf 69 ;;
    28* | 42501 | 25006) printf 77 ;;
    3D000) printf 66 ;;
    55P03 | 40P01 | 55006) printf 75 ;;
    53100 | 58030) printf 74 ;;
    53200) printf 71 ;;
    XX00[12]) printf 65 ;;
    *) printf 1 ;;
    esac
)

# Why a session did not begin. libpq has no code for that, only a text, in the language of the server.
server_explain_start() {
    engine_message=$(printf '%s\n' "$engine_message" | sed '1s/^connection to server .* failed: //; 1s/^FATAL:  //; /^password retrieved from file /d')
    engine_status=1
    case $server_first in
    *connection*failed* | *'could not connect'* | *'could not translate'*) engine_status=69 ;;
    *) ;;
    esac
    server_hint="check the URL, and whether the server runs"
    case $server_first in
    *'FATAL:  database "'*'" does not exist'*)
        engine_status=66
        server_code=3D000
        server_hint="check the URL; createdb makes a database"
        ;;
    *'password authentication failed'* | *'no password supplied'* | *'Peer authentication failed'* | *'FATAL:  role "'* | \
        *'no pg_hba.conf entry'* | *'not permitted to log in'*)
        engine_status=77
        server_hint="check user and password: in the URL, PGPASSWORD, PGPASSFILE or ~/.pgpass"
        ;;
    *'too many clients'* | *'too many connections'* | *'remaining connection slots'* | *'starting up'* | *'shutting down'* | *'in recovery mode'*)
        server_hint="try again later"
        ;;
    *) ;;
    esac
    [ "$engine_status" = 1 ] || engine_message="cannot connect to $engine_shown: $engine_message
hint: $server_hint"
}
