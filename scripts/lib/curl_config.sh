# shellcheck shell=sh disable=SC2034
# How a secret reaches curl: in a configuration that curl reads from a descriptor (-K -), never as an
# argument, which everybody on the machine can read. Only what the shell does by itself touches it
# here: where printf is a program of its own, as with mksh, its arguments are to be seen too.

# Sets curl_quoted to $1 as a value in a configuration of curl.
curl_quote() {
    curl_rest=$1
    curl_quoted=
    while :; do
        case $curl_rest in
        *[\\\"]*) ;;
        *) break ;;
        esac
        curl_part=${curl_rest%%[\\\"]*}
        curl_rest=${curl_rest#"$curl_part"}
        curl_quoted=$curl_quoted$curl_part\\${curl_rest%"${curl_rest#?}"}
        curl_rest=${curl_rest#?}
    done
    curl_quoted="\"$curl_quoted$curl_rest\""
}

# True when there is a curl of at least version $1.$2.
curl_at_least() (
    version=$(curl -q --version 2>/dev/null) || return 1
    version=${version#curl }
    major=${version%%.*}
    version=${version#*.}
    case $major${version%%.*} in
    *[!0-9]* | '') return 1 ;;
    *) [ "$major" -gt "$1" ] || { [ "$major" -eq "$1" ] && [ "${version%%.*}" -ge "$2" ]; } ;;
    esac
)
