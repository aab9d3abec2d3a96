# shellcheck shell=sh disable=SC2034
# Where a program works: a URL, or a name that stands for one. NAME is the variable DATABASE_URL_NAME
# (in capitals, - as _), `default` or nothing is DATABASE_URL. A URL is never printed: it may hold a
# password.

# Sets connection_text to the URL of connection $1 (a URL, a name, or nothing), and connection_given where
# it was an argument itself. Here it is none: not every shell has a printf of its own.
connection_find() {
    connection_given=
    case $1 in
    *:*)
        connection_given=yes
        connection_text=$1
        return
        ;;
    '' | default) connection_variable=DATABASE_URL ;;
    [!A-Za-z]* | *[!A-Za-z0-9_-]*)
        die 78 "\"$1\" is neither the name of a connection nor a URL" "the URL of a file is sqlite:app.db"
        ;;
    *) connection_variable=DATABASE_URL_$(printf '%s' "$1" | tr 'a-z-' 'A-Z_') ;;
    esac
    connection_text=$(awk 'BEGIN { printf "%s.", ENVIRON[ARGV[1]]; exit }' "$connection_variable") ||
        die 69 "awk cannot read the environment"
    connection_text=${connection_text%.}
    [ -n "$connection_text" ] || die 78 "there is no connection${1:+ $1}: $connection_variable is not set" \
        "set it, for instance $connection_variable=sqlite:app.db, or say --connection sqlite:app.db"
}

# Prints $1 with its %XX as bytes, and a dot.
connection_decode() (
    rest=$1
    while :; do
        case $rest in
        *%*) ;;
        *) break ;;
        esac
        printf '%s' "${rest%%\%*}"
        rest=${rest#*%}
        case $rest in
        00*) return 1 ;;
        [0-9A-Fa-f][0-9A-Fa-f]*) ;;
        *) return 1 ;;
        esac
        tail=${rest#??}
        # shellcheck disable=SC2059 # the format is the byte
        printf "\\$(printf '%03o' "0x${rest%"$tail"}")"
        rest=$tail
    done
    printf '%s.' "$rest"
)

# Prints the path in the URL $1 of an SQLite database, and a dot. A relative path begins with ./ , so
# that it is neither an option nor a URI for anybody.
connection_path() (
    path=${1#*:}
    case $path in
    ///*) path=${path#//} ;;
    //*) die 78 "a connection to SQLite has no host" "write sqlite:app.db or sqlite:/path/app.db" ;;
    *) ;;
    esac
    case $path in
    *\?*) die 78 "a connection to SQLite has no parameters" "a question mark in a name is written %3F" ;;
    *) ;;
    esac
    path=$(connection_decode "$path") ||
        die 78 "a % in the connection is not followed by two hexadecimal digits, or by 00" "a per cent sign is written %25"
    case $path in
    .) die 78 "the connection names no file" "write sqlite:app.db or sqlite:/path/app.db" ;;
    :memory:.) die 78 "a database in memory would be gone at once" "name a file: sqlite:app.db" ;;
    /*) printf '%s' "$path" ;;
    *) printf './%s' "$path" ;;
    esac
)

# Sets connection_engine and connection_database for connection $1: the path of a file, or the URL of a
# server.
connection_open() {
    connection_find "$1"
    connection_database=$connection_text
    case $connection_text in
    sqlite:* | sqlite3:*)
        connection_engine=sqlite
        connection_database=$(connection_path "$connection_text") || exit
        connection_database=${connection_database%.}
        ;;
    postgresql:* | postgres:* | pgsql:*) connection_engine=postgresql ;;
    mysql:* | mariadb:*) connection_engine=mysql ;;
    *) die 78 "the connection is of a kind that is not known" "write sqlite:app.db, postgresql://HOST/DATABASE or mysql://HOST/DATABASE" ;;
    esac
}

# Prints the name of the environment.
connection_environment() {
    printf '%s\n' "${MIGRATE_ENV:-${APP_ENV:-local}}"
}
