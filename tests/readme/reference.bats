#!/usr/bin/env bats
# The reference tables of the documents say what the extension says.

# shellcheck disable=SC2016 # the backquotes are those of the pages

load ../helpers/migrate
load document

setup() {
    use_scratch
}

# The names of the options, as the source has them.
option_names() {
    sed -n 's/^ *\(\[MIG_OPTION_[A-Z_]*\] = \)\{0,1\}{"\([a-z_]*\)", "MIGRAT[A-Z_]*".*/\2/p' "$root/ext/options.c"
}

# Splits a row into the array `cells`, without the backquotes around a cell.
read_cells() { # <row>
    local rest="$1 | "
    cells=()
    while [ -n "$rest" ]; do
        cells+=("${rest%% | *}")
        rest=${rest#* | }
    done
}

# Without backquotes.
plainly() { # <text>
    printf '%s' "${1//\`/}"
}

# Asks for an option in an environment that holds only what is given.
option_in() { # <name> [<variable>=<value>]...
    env -i PATH="$PATH" LC_ALL=C "${@:2}" sqlite3 -batch -bail -init /dev/null :memory: \
        -cmd ".load $extension" "SELECT migrate_config('$1')"
}

@test "options.md: lists every option, in the order of the source" {
    diff -u <(option_names) <(table_rows docs/options.md '`' | sed 's/^`\([a-z_]*\)`.*/\1/')
    [ "$(option_names | wc -l)" -eq "$(grep -c '^    MIG_OPTION_[A-Z_]*,$' "$root/ext/options.h" | awk '{ print $1 - 1 }')" ]
}

@test "options.md: shows the default of every option" {
    local row standard
    while IFS= read -r row; do
        read_cells "$row"
        standard=$(plainly "${cells[1]}")
        [ "$standard" != "the login name" ] || standard=$(id -un)
        [ "$standard" != nothing ] || standard=
        [ "$(option_in "$(plainly "${cells[0]}")")" = "$standard" ] || {
            printf 'not the default: %s\n' "$row"
            return 1
        }
    done < <(table_rows docs/options.md '`')
}

@test "options.md: shows values that every option takes from its environment variable" {
    local row value values
    while IFS= read -r row; do
        read_cells "$row"
        values=$(plainly "${cells[2]}")
        case $values in
        milliseconds) values=86400000 ;;
        a\ * | the\ *) values=anything ;;
        *) values=${values//, / } ;;
        esac
        for value in $values; do
            [ "$(option_in "$(plainly "${cells[0]}")" "$(plainly "${cells[3]}")=$value")" = "$value" ] || {
                printf 'does not take %s: %s\n' "$value" "$row"
                return 1
            }
        done
    done < <(table_rows docs/options.md '`')
}

@test "options.md: shows all values of an option that is a choice" {
    local row values
    while IFS= read -r row; do
        read_cells "$row"
        [[ ${cells[2]} == *\`* ]] || continue
        values=$(plainly "${cells[2]}")
        run --separate-stderr -25 mig "SELECT migrate_config('$(plainly "${cells[0]}")', 'nothing')"
        [[ $stderr == *"hint: use one of: ${values//, / }"* ]] || {
            printf '%s\n%s\n' "$row" "$stderr"
            return 1
        }
    done < <(table_rows docs/options.md '`')
}

@test "options.md: shows the most milliseconds that an option takes" {
    run --separate-stderr -25 mig "SELECT migrate_config('lock_timeout', '86400001')"
    [[ $stderr == *'"86400001" is not a number of milliseconds from 0 to 86400000'* ]]
    grep -q '^Milliseconds go from 0 to 86400000,' "$root/docs/options.md"
}

@test "README.md: shows every option with its default" {
    local row name
    while IFS= read -r row; do
        read_cells "$row"
        for name in $(plainly "${cells[0]//,/}"); do
            printf '%s %s\n' "$name" "${cells[1]}"
        done
    done < <(section_rows README.md '## Options') >shown
    diff -u <(table_rows docs/options.md '`' | sed 's/^`\([a-z_]*\)` | \([^|]*\) |.*/\1 \2/') shown
}

# Prints "NAME ARGUMENTS" for each number of arguments that a signature allows.
signatures() { # <document>
    table_rows "$1" '`migrate_' | sed 's/^`\([^`]*\)`.*/\1/' | awk -F '[()]' '{
        most = $2 == "" ? 0 : gsub(/,/, ",", $2) + 1
        least = most - gsub(/\[/, "", $2)
        for (count = least; count <= most; count++) print $1, count
    }' | sort
}

@test "sql.md: shows every function with every number of arguments" {
    diff -u <(signatures docs/sql.md) <(mig "SELECT name || ' ' || narg FROM pragma_function_list
        WHERE name LIKE 'migrate!_%' ESCAPE '!' ORDER BY name, narg" | sort)
}

@test "README.md: shows every function with every number of arguments" {
    diff -u <(signatures docs/sql.md) <(signatures README.md)
}

@test "sql.md: shows the class of every function" {
    diff -u <(table_rows docs/sql.md '`migrate_' | sed 's/^`\([a-z_]*\).* | \([^|]*\)$/\1 \2/' | sort) \
        <(mig "SELECT DISTINCT name || ' ' || CASE flags
                WHEN 0x80000 THEN 'direct only'
                WHEN 0x200000 THEN 'innocuous'
                WHEN 0x200800 THEN 'innocuous, deterministic'
                ELSE flags END
            FROM pragma_function_list WHERE name LIKE 'migrate!_%' ESCAPE '!'" | sort)
}

@test "sql.md: shows every table with its columns" {
    local row shown live
    while IFS= read -r row; do
        read_cells "$row"
        shown="${cells[2]} | ${cells[3]}"
        live=$(mig "SELECT group_concat(name, ', ') FILTER (WHERE hidden = 0) || ' | '
            || group_concat(name, ', ') FILTER (WHERE hidden = 1) FROM pragma_table_xinfo('$(plainly "${cells[0]}")')")
        diff -u <(printf '%s\n' "$shown") <(printf '%s\n' "$live")
    done < <(table_rows docs/sql.md '`migrations_')
}

@test "documents: sql.md and README.md show every table" {
    local live
    live=$(mig "SELECT name FROM pragma_module_list WHERE name LIKE 'migrations!_%' ESCAPE '!' ORDER BY name")
    diff -u <(printf '%s\n' "$live") <(table_rows docs/sql.md '`migrations_' | sed 's/^`\([a-z_]*\)`.*/\1/' | sort)
    diff -u <(printf '%s\n' "$live") <(table_rows README.md '`migrations_' | sed 's/^`\([a-z_]*\)`.*/\1/' | sort)
}

# One statement a line, with blanks only where they matter.
squeeze() {
    tr '\n' ' ' | tr -s ' ' | sed 's/ *\([(),;]\) */\1/g' | tr ';' '\n' | grep CREATE
}

@test "tracking-table.md: shows both tables as the extension makes them" {
    three_operations
    mig 'SELECT migrate_apply()' >/dev/null
    diff -u <(fenced docs/tracking-table.md sql | squeeze) \
        <(plain "SELECT sql || ';' FROM sqlite_schema WHERE name IN ('migration', 'migration_log') ORDER BY name" | squeeze)
}

@test "tracking-table.md: explains every status" {
    diff -u <(sed -n 's/^MIG_STATE([A-Z]*, "\(.*\)")$/\1/p' "$root/ext/outcome.def" | sort) \
        <(section_rows docs/tracking-table.md '## migration: one row for each operation' | sed 's/^`\([a-z]*\)`.*/\1/' | sort)
}

@test "migrations.md: names every variable that a program gets" {
    diff -u <(sed -n '/variable_names\[/,/};/p' "$root/ext/program.c" | grep -o 'MIGRATE_[A-Z]*' | sort) \
        <(table_rows docs/migrations.md '`MIGRATE_' | sed 's/^`\([A-Z_]*\)`.*/\1/' | sort)
}
