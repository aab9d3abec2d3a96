# shellcheck shell=sh disable=SC2034
# The kinds of snapshots: what the file is that an engine's copy of a database is in, and how its name
# ends. This is the only list of them.
#
#   sqlite   .sqlite   a database of SQLite
#   postgresql  .dump  an archive of pg_dump, compressed in itself
#   mysql    .sql      SQL, which is compressed with gzip unless something else is asked for

# How the name of a snapshot ends, as awk writes patterns: behind NAME, at the end of the text.
format_ending='([.]partial)?[.](sqlite|dump|sql)([.]gz|[.]zst)?([.]age|[.]gpg)?$'
format_example='LABEL_TIMESTAMP_NAME.sqlite, .dump or .sql, with .gz, .zst, .age or .gpg behind it'

# Prints the suffix of engine $1.
format_suffix() {
    case $1 in
    postgresql) printf 'dump\n' ;;
    mysql) printf 'sql\n' ;;
    *) printf 'sqlite\n' ;;
    esac
}

# Prints the compression of engine $1 where none was asked for.
format_compression() {
    case $1 in
    mysql) printf 'gzip\n' ;;
    *) printf 'none\n' ;;
    esac
}

# Prints the name of file $1 without the suffixes of what it is packed in.
format_plain() (
    name=${1##*/}
    name=${name%.age}
    name=${name%.gpg}
    name=${name%.gz}
    printf '%s\n' "${name%.zst}"
)

# Prints the engine that wrote file $1; fails where no snapshot has such a name.
format_engine() (
    name=$(format_plain "$1")
    case $name in
    ?*.sqlite) printf 'sqlite\n' ;;
    ?*.dump) printf 'postgresql\n' ;;
    ?*.sql) printf 'mysql\n' ;;
    *) return 1 ;;
    esac
)
