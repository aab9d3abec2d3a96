# shellcheck shell=sh disable=SC2154
# The file .env of the working directory: read, never executed. Of its lines NAME=VALUE, those count
# whose names are ours: DATABASE_URL, DATABASE_URL_*, MIGRATIONS_DIR, MIGRATE_* and APP_ENV. A variable
# that is set already wins. MIGRATE_EXTENSION, MIGRATE_LOAD, MIGRATE_BACKUP_LOAD and MIGRATE_SCRIPTS are not from
# it: they name code to load, and let programs run.
#
# VALUE is bare (up to blank and #), 'single quoted' as it stands, or "double quoted" with \n \t \" \\
# \$ in it. `export` in front, CR LF and a byte order mark do no harm. Nothing is expanded.

# Prints NAME=VALUE for each variable that file $1 sets and the environment does not.
dotenv_parse() {
    awk -v quote="'" '
        function bad(text) {
            print text " in line " FNR
            exit 1
        }
        function double(text,    out, at, character) {
            out = ""
            for (at = 2; at <= length(text); at++) {
                character = substr(text, at, 1)
                if (character == "\"") { rest = substr(text, at + 1); return out }
                if (character == "\\") {
                    character = substr(text, ++at, 1)
                    if (character == "n" || character == "r") bad("a line end inside a value")
                    if (character == "t") character = "\t"
                }
                out = out character
            }
            bad("a quote without end")
        }
        FNR == 1 { sub(/^\357\273\277/, "") }
        { sub(/\r$/, ""); sub(/^[ \t]+/, ""); sub(/^export[ \t]+/, "") }
        !/^[A-Z_][A-Z0-9_]*[ \t]*=/ { next }
        {
            name = $0
            sub(/[ \t]*=.*/, "", name)
            if (name !~ /^(DATABASE_URL(_[A-Z0-9_]+)?|MIGRATIONS_DIR|MIGRATE_[A-Z0-9_]+|APP_ENV)$/) next
            if (name ~ /^MIGRATE_(EXTENSION|LOAD|BACKUP_LOAD|SCRIPTS)$/ || name in ENVIRON || name in taken) next
            taken[name] = 1
            value = $0
            sub(/^[^=]*=[ \t]*/, "", value)
            rest = ""
            first = substr(value, 1, 1)
            if (first == "\"") value = double(value)
            else if (first == quote) {
                end = index(substr(value, 2), quote)
                if (end == 0) bad("a quote without end")
                rest = substr(value, end + 2)
                value = substr(value, 2, end - 1)
            } else {
                sub(/^#.*/, "", value)
                sub(/[ \t]+#.*/, "", value)
                sub(/[ \t]+$/, "", value)
            }
            if (rest !~ /^[ \t]*(#.*)?$/) bad("something behind the closing quote")
            print name "=" value
        }
    ' "$1"
}

# Puts what .env says into the environment.
dotenv_read() {
    [ -f .env ] || return 0
    scratch_make
    dotenv_parse .env >"$scratch/env" || {
        dotenv_line=$(tail -n 1 "$scratch/env")
        die 78 "cannot read .env: ${dotenv_line:-it is not readable}"
    }
    while IFS= read -r dotenv_line; do
        # The name was checked to be one; the value is not looked at.
        export "${dotenv_line?}"
    done <"$scratch/env"
}
