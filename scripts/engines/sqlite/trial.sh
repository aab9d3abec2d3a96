# shellcheck shell=sh disable=SC2034,SC2154
# A copy as a database: of SQLite it is one, so nothing has to be made. Needs the part snapshot.

# The content of file $1 is the database that the functions of the engine work on, until engine_trial_end.
engine_trial_begin() {
    engine_trial_kept=$engine_database
    engine_database=$1
}

engine_trial_end() {
    engine_database=$engine_trial_kept
}

# Fails unless that is what file $1 holds. Counts the rows of all ordinary tables in it into engine_row_count.
engine_trial_same() {
    engine_checked=$1
    engine_count_rows
}

# Counts the rows of all ordinary tables in the file that is checked into engine_row_count.
engine_count_rows() {
    engine_examine "SELECT 'SELECT count(*) FROM main.\"' || replace(name, '\"', '\"\"') || '\";'
        FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'" || return 1
    tr '\036' '\n' <"$scratch/rows" >"$scratch/count.sql"
    engine_count_file=$(quote_dot "$scratch/count.sql")
    engine_examine ".read $engine_count_file" || return 1
    engine_row_count=$(awk 'BEGIN { RS = "\036" } { sum += $1 } END { printf "%d", sum }' "$scratch/rows")
}
