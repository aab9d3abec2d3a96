# shellcheck shell=sh disable=SC2154
# Telling a monitor how a run goes, in the way of healthchecks: URL/start when it begins, URL when it
# ended well, URL/STATUS when not. The URL is a secret: who knows it can report in our name.

# Asks for URL $1 with $2 (nothing, /start, /1, ...) behind its path. Whatever happens, the run goes on:
# a monitor that hears nothing will say so itself.
notify_ping() {
    case $1 in
    *[[:cntrl:]\ ]*) notify_url= ;;
    http://?* | https://?*) notify_url=$1 ;;
    *) notify_url= ;;
    esac
    if [ -z "$notify_url" ]; then
        warn "the URL to ping begins with neither https:// nor http://, or holds a blank"
        return 0
    fi
    command -v curl >/dev/null || {
        warn "there is no curl to ping with; install the package curl"
        return 0
    }
    notify_tail=${notify_url#"${notify_url%%[?#]*}"}
    notify_url=${notify_url%"$notify_tail"}
    curl_quote "${notify_url%/}$2$notify_tail"
    scratch_make
    curl -q -K - -fsS -g -m 10 --retry 5 --retry-max-time 30 --proto '=http,https' -o /dev/null \
        >"$scratch/notify" 2>&1 8<&- 9<&- <<CONFIG &
url = $curl_quoted
CONFIG
    scratch_wait "$!" || :
    [ -z "$scratch_signalled" ] || scratch_end
    [ "$scratch_status" -ne 0 ] || return 0
    notify_why=$(notify_reason) || notify_why=
    warn "the ping did not arrive: $notify_why"
}

# Prints what curl says went wrong, which may hold the name of the host, but for that.
notify_reason() {
    case $scratch_status in
    6) printf 'the host of the URL is not known\n' ;;
    7) printf 'nobody answers at the URL\n' ;;
    22) sed -n 's/.*returned error: \([0-9]*\).*/the answer was \1/p' "$scratch/notify" | tail -n 1 ;;
    28) printf 'it took too long\n' ;;
    *) printf 'curl ended with status %s\n' "$scratch_status" ;;
    esac
}
