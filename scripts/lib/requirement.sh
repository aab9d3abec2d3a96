# shellcheck shell=sh
# Whether this machine has what requirements.sh lists.

# True when there is a server of PostgreSQL. Debian keeps it off the PATH, one folder a version.
requirement_postgresql() (
    for program in "$(command -v initdb || :)" /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb \
        /usr/libexec/postgresql*/initdb; do
        [ ! -x "${program%/*}/postgres" ] || return 0
    done
    return 1
)

# True when there is a program $1, also where only root has it on the PATH.
requirement_program() {
    command -v "$1" || [ -x "/usr/sbin/$1" ] || [ -x "/usr/libexec/$1" ]
}

# True when this machine satisfies a check of the list.
requirement_met() (
    case $1 in
    command:*) command -v "${1#*:}" ;;
    library:*)
        name=${1#*:}
        pkg-config --atleast-version="${name#*:}" "${name%:*}"
        ;;
    compiles:*) printf '#include <%s>\n' "${1#*:}" | cc -fsyntax-only -x c - ;;
    driver:python) /usr/bin/python3 -c 'import sqlite3; sqlite3.connect("").enable_load_extension(True)' ;;
    driver:php) php -r 'new SQLite3(":memory:");' ;;
    driver:perl) perl -MDBI -MDBD::SQLite -e 1 ;;
    driver:ruby) ruby -r sqlite3 -e 1 ;;
    shell:*) sql_shell_at_least "${1#*:}" ;;
    links:*) printf 'int LLVMFuzzerTestOneInput(void);int LLVMFuzzerTestOneInput(void){return 0;}\n' |
        clang "-fsanitize=${1#*:},address,undefined" -x c - -o /dev/null ;;
    server:postgresql) requirement_postgresql ;;
    server:mysql) requirement_program mariadbd || requirement_program mysqld ;;
    *) return 1 ;;
    esac >/dev/null 2>&1 </dev/null
)
