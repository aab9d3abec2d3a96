# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# A database of MySQL or MariaDB, and how it is asked. All clients (mariadb or mysql, mariadb-dump or
# mysqldump) and the programs of a migration get what the URL says from an option file of this run,
# $MIGRATE_OPTIONS; $MIGRATE_CLIENT is the client. For the other parts there is what
# postgresql/client.sh lists; server_code is the number of the error, and server_line the line where
# the request begins.

. "$here/engines/server/client.sh"
. "$here/engines/mysql/failure.sh"

# A table that a database has while it is filled from a dump. Nothing migrates or copies a database with it.
server_unfinished=migrate_restore_unfinished

engine_open() {
    export MIGRATE_DIALECT=mysql
    extension_open "$2"
    server_find mariadb mysql
    server_client=$server_program
    url_read "$1"
    [ -n "$url_database" ] || die 78 "the URL of the connection names no database" \
        "write it behind the host: mysql://HOST/DATABASE"
    engine_database=$1
    engine_shown=mysql://$url_host${url_port:+:$url_port}/$url_database
    # The bookkeeping is there, whatever database an operation changes to.
    export MIGRATE_SCHEMA="${MIGRATE_SCHEMA:-$url_database}"
    server_number lock-timeout "${MIGRATE_LOCK_TIMEOUT-}" 5000
    server_lock_timeout=$(((server_number + 999) / 1000))
    server_number statement-timeout "${MIGRATE_STATEMENT_TIMEOUT-}" 0
    server_options
    export MIGRATE_CLIENT="$server_client" MIGRATE_OPTIONS="$scratch/options"
}

# Sets server_program to the first of these programs that there is.
server_find() {
    for server_name; do
        if server_program=$(command -v "$server_name"); then
            return
        fi
    done
    die 69 "there is no $1" "install the clients of MariaDB or MySQL (on Debian the package mariadb-client)"
}

# Writes the option file. Where the URL has no password, it may come from the person's own file, of which
# only what leads to the server is taken, and what the URL says comes before it.
server_options() {
    server_include=${HOME-}/.my.cnf
    if [ -e "$url_password" ] || [ ! -r "$server_include" ]; then
        server_include=
    fi
    : >"$url_folder/options"
    while IFS='=' read -r server_name server_value; do
        case $server_name in
        option-file) server_include=$server_value ;;
        socket | ssl-ca | ssl-capath | ssl-cert | ssl-key | ssl-cipher | connect-timeout)
            printf '%s=%s\n' "$server_name" "$server_value" >>"$url_folder/options"
            ;;
        ssl-mode) server_tls "$server_value" >>"$url_folder/options" || exit ;;
        *) die 78 "the URL of the connection has the parameter $server_name, which cannot be used" "docs/connections.md lists those that can" ;;
        esac
    done <"$url_parameters"
    [ -z "$server_include" ] || [ -r "$server_include" ] ||
        die 78 "cannot read the option file $server_include" "the URL of the connection names it"
    {
        printf '[client]\nloose-connect-timeout=10\n'
        [ -z "$server_include" ] || awk "$server_include_program" <"$server_include"
        MIGRATE_URL_FOLDER=$url_folder awk "$server_options_program"
    } >"$scratch/options" || die 74 "cannot write into the temporary folder"
    rm -f -- "$url_password"
}

# Prints the options for ssl-mode $1, which the client of MariaDB has not: where it is to use encryption, but
# not to check the certificate, it goes on without any when the server has none.
server_tls() {
    case $server_client:$1 in
    *mysql:[A-Z]*) printf 'ssl-mode=%s\n' "$1" ;;
    *:DISABLED) printf 'skip-ssl\n' ;;
    *:PREFERRED) ;;
    *:REQUIRED) die 78 "the client of MariaDB cannot require encryption without a check of the certificate" \
        "ssl-mode=VERIFY_IDENTITY, with ssl-ca where the certificate is your own" ;;
    *:VERIFY_CA | *:VERIFY_IDENTITY) printf 'ssl\nssl-verify-server-cert\n' ;;
    *) die 78 "the URL of the connection has an ssl-mode that is not known" "DISABLED, PREFERRED, REQUIRED, VERIFY_CA and VERIFY_IDENTITY are" ;;
    esac
}

# Prints those lines of an option file that say where the server is, who comes and how that is proven: never
# what the client is to do, how it prints, or that it is to ask for a password.
# shellcheck disable=SC2016 # an awk program
server_include_program='
{ sub(/\r$/, "") }
/^[ \t]*\[/ {
    group = $0
    gsub(/[][ \t]/, "", group)
    ours = group ~ /^(client|client-server|client-mariadb|mysql|mariadb|mariadb-client)$/
    next
}
ours {
    name = $0
    sub(/=.*/, "", name)
    gsub(/[ \t]/, "", name)
    gsub(/_/, "-", name)
    sub(/^loose-/, "", name)
    if (name ~ /^(user|password|host|port|socket|protocol)$/ && /=/ || name ~ /^(skip-ssl|ssl|ssl-.*|tls-version)$/) print
    else if (name ~ /^(connect-timeout|default-auth|plugin-dir)$/) print "loose-" name substr($0, index($0, "="))
}'

# Writes what the parts of the URL say, in quotes in which backslash and quote have a backslash before
# them. A part that is empty is for the client to find.
# shellcheck disable=SC2016 # an awk program
server_options_program='
function part(name,    line, text) {
    while ((getline line <(folder "/" name)) > 0) text = text line
    return text
}
function quoted(text,    out, i, c) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        out = out (c == "\"" || c == "\\" ? "\\" : "") c
    }
    return "\"" out "\""
}
BEGIN {
    folder = ENVIRON["MIGRATE_URL_FOLDER"]
    count = split("host port user password", names, " ")
    for (i = 1; i <= count; i++)
        if ((text = part(names[i])) != "") print names[i] "=" quoted(text)
    while ((getline line <(folder "/options")) > 0) {
        at = index(line, "=")
        print (at ? (line ~ /^connect-timeout=/ ? "loose-" : "") substr(line, 1, at) quoted(substr(line, at + 1)) : line)
    }
    # A program that dumps has no such option. Names and texts are UTF-8 for the programs of a migration, too.
    print "[mysql]\ndefault-character-set=utf8mb4\ndatabase=" quoted(part("database"))
}'

server_run() {
    server_start "$2" server_feed "$1"
}

# The client does not stop where a file that it reads with `source` fails, so it reads standard input. No
# option file can have it go on behind an error, or print something else. In binary mode it obeys no
# command but DELIMITER, and leaves line ends as they are.
server_feed() {
    exec "$server_client" --defaults-file="$scratch/options" --batch --skip-column-names --unbuffered --skip-force \
        --binary-mode --comments --default-character-set=utf8mb4 --skip-reconnect --skip-auto-rehash --skip-show-warnings \
        --max-allowed-packet=1G --database="$url_database" <"$1"
}

# Tabs, line ends and backslashes in values come with a backslash before a letter.
server_ask() {
    printf '%s\n' "$1" >"$scratch/ask.sql" || die 74 "cannot write into the temporary folder"
    server_run "$scratch/ask.sql" "$scratch/answer" || return 1
    awk '{
        out = ""
        count = split($0, columns, "\t")
        for (i = 1; i <= count; i++) {
            text = columns[i]
            out = out (i > 1 ? "\037" : "")
            while ((at = index(text, "\\")) > 0) {
                c = substr(text, at + 1, 1)
                out = out substr(text, 1, at - 1) (c == "n" ? "\n" : c == "t" ? "\t" : c == "0" ? "" : c)
                text = substr(text, at + 2)
            }
            out = out text
        }
        printf "%s\036", out
    }' "$scratch/answer" >"$scratch/rows" || die 74 "cannot write into the temporary folder"
}

server_quote_name() (
    name=$(quote_replace "$1." '`' '``')
    # shellcheck disable=SC2016 # no expansion is meant
    printf '`%s`' "${name%.}"
)

# A text as its bytes, which no setting of the server reads in another way.
server_quote() {
    server_hex=$(printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n')
    if [ -n "$server_hex" ]; then
        printf "_utf8mb4 X'%s'" "$server_hex"
    else
        printf "''"
    fi
}

# True when the server answers and has the database; ends the program when it does not answer.
engine_exists() {
    server_value 'SELECT 1' && return
    [ "$server_code" = 1049 ] || die "$engine_status" "$engine_message"
    return 1
}
