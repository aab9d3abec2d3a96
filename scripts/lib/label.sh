# shellcheck shell=sh disable=SC2154,SC2031 source-path=SCRIPTDIR/..
# The label of a connection, by which its snapshots are known. The temporary folder is there.

# Prints the label of connection $1: its name; of a URL, the name of the file without its suffix, or that
# of the database.
store_label() (
    case $1 in
    sqlite:* | sqlite3:*)
        label=$(connection_path "$1") || exit
        label=${label%.}
        label=$(label_clean "${label##*/}")
        case $label in
        ?*.*) label=${label%.*} ;;
        *) ;;
        esac
        ;;
    *:*)
        . "$here/lib/url.sh"
        label=$(label_database "$1") || exit
        label=$(label_clean "${label:-${PGDATABASE-}}")
        ;;
    *) label=$(label_clean "${1:-default}") ;;
    esac
    printf '%s\n' "${label:-database}"
)

label_clean() {
    printf '%s' "$1" | tr -c 'A-Za-z0-9.-' '-' | cut -c 1-100 | sed 's/^[.-]*//'
}

# Prints the name of the database in URL $1, or nothing. The other parts go with the folder that they are in.
label_database() (
    folder=${scratch:?}/label
    mkdir -- "$folder" || die 74 "cannot write into the temporary folder"
    wrong=$(MIGRATE_URL=$1 MIGRATE_URL_FOLDER=$folder awk "$url_program") || {
        rm -rf -- "$folder"
        die 78 "the URL of the connection cannot be used: ${wrong:-awk failed}"
    }
    cat -- "$folder/database"
    [ -s "$folder/database" ] || [ ! -e "$folder/parameters" ] || sed -n 's/^dbname=//p' "$folder/parameters"
    rm -rf -- "$folder"
)
