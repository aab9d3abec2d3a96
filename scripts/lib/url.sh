# shellcheck shell=sh disable=SC2034,SC2154 source-path=SCRIPTDIR/..
# The URL of a server: SCHEME://[USER[:PASSWORD]@][HOST[:PORT][,HOST[:PORT]]...]/DATABASE[?NAME=VALUE[&...]]
# with %XX for bytes (https://www.rfc-editor.org/rfc/rfc3986). It is taken apart once. The password
# goes from the environment of awk into a file of this run that nobody else can read; it is never an
# argument, and no message shows any of the URL.

. "$here/lib/url_parts.sh"

# Takes the URL $1 apart. Sets url_user, url_host, url_port (with commas where there are several hosts)
# and url_database; the password is in the file $url_password, which is not there when there is none;
# the parameters are in the file $url_parameters, NAME=VALUE on a line.
url_read() {
    scratch_make
    url_folder=$scratch/url
    mkdir -- "$url_folder" || die 74 "cannot write into the temporary folder"
    url_parameters=$url_folder/parameters
    url_password=$url_folder/password
    : >"$url_parameters"
    url_wrong=$(MIGRATE_URL=$1 MIGRATE_URL_FOLDER=$url_folder awk "$url_program" </dev/null) ||
        die 78 "the URL of the connection cannot be used: ${url_wrong:-awk failed}" \
            "${1%%:*}://USER@HOST:PORT/DATABASE is one; other characters than letters, digits and -._~ are written %XX"
    for url_part in user host port database; do
        url_value=$(cat -- "$url_folder/$url_part" && printf .) || die 74 "cannot read the temporary folder"
        url_value=${url_value%.}
        case $url_part in
        user) url_user=$url_value ;;
        host) url_host=$url_value ;;
        port) url_port=$url_value ;;
        *) url_database=$url_value ;;
        esac
    done
    if [ -n "$connection_given" ] && [ -e "$url_password" ]; then
        url_warn
    fi
}

# Once, also where this program is called by another one that has said so.
url_warn() {
    [ -z "${MIGRATE_URL_WARNED-}" ] || return 0
    export MIGRATE_URL_WARNED=yes
    warn "the URL is an argument: everybody on this machine can see its password in the list of processes"
    info "hint: put it into the variable DATABASE_URL, or into DATABASE_URL_NAME for --connection NAME"
}
