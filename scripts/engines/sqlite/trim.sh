# shellcheck shell=sh disable=SC2034,SC2154
# Parts of a copy: what is left of a database when only some tables are wanted. Needs the part snapshot.

# Leaves of the database in file $1 only the tables $2 (names with commas between them), with their
# indexes, triggers and shadow tables.
engine_trim() {
    engine_checked=$1
    engine_extend || return 1
    engine_wanted=$(quote_sql "$2,")
    engine_split="WITH split (name, rest) AS (SELECT NULL, $engine_wanted
        UNION ALL SELECT substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1)
            FROM split WHERE rest <> ''),
        wanted (name) AS (SELECT name FROM split WHERE name IS NOT NULL),
        there (name, type) AS (SELECT name, type FROM pragma_table_list
            WHERE schema = 'main' AND name NOT LIKE 'sqlite!_%' ESCAPE '!')"
    engine_shell -cmd "$engine_extension_ours" -cmd "$engine_extension_extra" "$1" "$engine_split
        SELECT name FROM wanted WHERE name COLLATE NOCASE NOT IN
            (SELECT name FROM there WHERE type IN ('table', 'virtual')) LIMIT 1" || return 1
    if [ -s "$scratch/rows" ]; then
        engine_absent=$(tr -d '\036' <"$scratch/rows")
        engine_fail 66 "there is no table \"$engine_absent\" in $engine_shown" "names stand as they are, with commas between them"
        return 1
    fi
    engine_shell -cmd "$engine_extension_ours" -cmd "$engine_extension_extra" "$1" "$engine_split
        SELECT format('DROP %s main.\"%w\";', iif(type = 'view', 'VIEW', 'TABLE'), name) FROM there
        WHERE type <> 'shadow' AND name COLLATE NOCASE NOT IN (SELECT name FROM wanted)
        ORDER BY type <> 'view'" || return 1
    tr '\036' '\n' <"$scratch/rows" >"$scratch/drop.sql"
    engine_drop=$(quote_dot "$scratch/drop.sql")
    # What was dropped is not to be found in free pages.
    engine_shell -cmd "$engine_extension_ours" -cmd "$engine_extension_extra" "$1" 'PRAGMA foreign_keys = OFF' \
        ".read $engine_drop" VACUUM
}
