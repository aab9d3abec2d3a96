# shellcheck shell=sh
# Texts of a person as parts of what the sqlite3 shell reads. Nothing else puts quotes around values.

# Prints $1 with each $2 in it replaced by $3.
quote_replace() (
    rest=$1
    done=
    while :; do
        case $rest in
        *"$2"*) ;;
        *) break ;;
        esac
        done=$done${rest%%"$2"*}$3
        rest=${rest#*"$2"}
    done
    printf '%s' "$done$rest"
)

# Prints $1 as an SQL string literal.
quote_sql() (
    text=$(quote_replace "$1." "'" "''")
    printf "'%s'" "${text%.}"
)

# Prints $1 as an SQL string literal, or NULL when it is empty.
quote_sql_or_null() {
    if [ -n "$1" ]; then
        quote_sql "$1"
    else
        printf NULL
    fi
}

# Prints $1 as an argument of a dot command, in which a backslash means what it means in C.
quote_dot() (
    newline='
'
    text=$(quote_replace "$1." "\\" "\\\\")
    text=$(quote_replace "$text" '"' '\"')
    text=$(quote_replace "$text" "$newline" '\n')
    printf '"%s"' "${text%.}"
)
