# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# The schema of a database of PostgreSQL, as pg_dump writes it. What differs from client to client, or
# from run to run, is taken out of its text, and what a dump must not hold: the passwords of user mappings.
# The comments of extensions belong to these, and only the owner of one could set them.

. "$here/engines/server/schema.sh"

engine_dump_client=psql
engine_dump_last='COMMIT;'

# Awk code: reads a line of SQL. `open` is what ends the quotes that it leaves open: a quote, a dollar
# quote, or `e` for a text in which a backslash is one; `command` is set where a backslash stands outside
# of quotes, which is a command of psql.
# shellcheck disable=SC2016 # an awk program
schema_scan='
function is_tag(text) {
    if (text ~ /^[0-9]/) return 0
    gsub(/[A-Za-z0-9_]|[^\t-\r -~]/, "", text)
    return text == ""
}
function scan(rest,    at, mark, before) {
    while (rest != "") {
        if (open == "e") {
            if (!match(rest, /[\\\047]/)) return
            mark = substr(rest, RSTART, 2)
            rest = substr(rest, RSTART + (mark == "\047\047" || mark ~ /^\\/ ? 2 : 1))
            if (mark ~ /^\047/ && mark != "\047\047") open = ""
        } else if (open != "") {
            at = index(rest, open)
            if (at == 0) return
            rest = substr(rest, at + length(open))
            open = ""
        } else {
            if (!match(rest, /["\047$\\]|--|\/\*/)) return
            mark = substr(rest, RSTART, RLENGTH)
            before = substr(rest, 1, RSTART - 1)
            rest = substr(rest, RSTART + RLENGTH)
            if (mark == "--") return
            if (mark == "\\") command = 1
            else if (mark == "/*") open = "*/"
            else if (mark == "\"") open = mark
            else if (mark == "\047") open = before ~ /[Ee]$/ && before !~ /[A-Za-z0-9_$][Ee]$/ ? "e" : mark
            else if (before !~ /([A-Za-z0-9_$]|[^\t-\r -~])$/ && (at = index(rest, "$")) && is_tag(substr(rest, 1, at - 1))) {
                open = "$" substr(rest, 1, at)
                rest = substr(rest, at + 1)
            }
        }
    }
}'

# Takes the sections of a dump apart. One begins with `--`, `-- Name: ...` outside of quotes; what comes
# before the first one is settings, which a dump of ours has itself.
# shellcheck disable=SC2016 # an awk program
schema_filter='
function finish() {
    if (made) printf "%s", text
    text = ""
    made = 0
}
{ top = open == "" }
top && ended { next }
top && $0 == "--" && !dashes { dashes = 1; next }
top && dashes {
    dashes = 0
    if ($0 == "-- PostgreSQL database dump complete") { finish(); ended = 1; next }
    if (/^-- Name: /) {
        finish()
        begun = 1
        skipped = /^-- Name: EXTENSION .*; Type: COMMENT; Schema: -; Owner: -$/ || /; Type: USER MAPPING; Schema: -; Owner: -$/
        text = "\n--\n" $0 "\n"
        next
    }
    if (begun) text = text "--\n"
}
!begun { next }
top && $0 == "" { blank = 1; next }
{
    scan($0)
    if (skipped && top && /^SET /) {
        skipped = 0
        text = ""
    }
    if (skipped) next
    if (blank) text = text "\n"
    blank = 0
    text = text $0 "\n"
    if (!top || $0 !~ /^--/) made = 1
}
END { exit !ended }'

schema_text() {
    server_find pg_dump
    schema_file=$1
    shift
    schema_help=$("$server_program" --help 2>/dev/null) || schema_help=
    case $schema_help in
    *--restrict-key*) set -- --restrict-key=schema ;;
    *) ;;
    esac
    server_start "$scratch/dumped" "$server_program" -w --schema-only --no-owner --no-acl --no-tablespaces --no-subscriptions \
        --encoding=UTF8 --lock-wait-timeout="$server_lock_timeout" "$@" || {
        schema_explain
        return 1
    }
    awk "$schema_scan$schema_filter" "$scratch/dumped" 2>/dev/null >"$schema_file" || {
        engine_status=74
        engine_message="pg_dump has not written all of its dump
hint: check TMPDIR and the free space"
        return 1
    }
    rm -f -- "$scratch/dumped"
}

# What pg_dump says has no code.
schema_explain() {
    engine_message=$(printf '%s\n' "$engine_message" | sed 's/^pg_dump: error: //; s/^pg_dump: detail: /detail: /; s/^pg_dump: hint: /hint: /')
    case $engine_message in
    *'server version mismatch'*)
        engine_status=69
        engine_message="pg_dump is older than the server: $engine_message
hint: install the clients of the server's version"
        ;;
    *'permission denied'*)
        engine_status=77
        engine_message="$engine_message
hint: pg_dump locks each table, which takes the privilege SELECT"
        ;;
    *'due to statement timeout'* | *'due to lock timeout'*)
        engine_status=75
        engine_message="somebody else holds a lock in $engine_shown for longer than $server_lock_timeout ms: $engine_message"
        ;;
    *) ;;
    esac
}

# What extensions have brought does not count, nor what belongs to another object: the sequence of an
# identity column, the type of a table.
schema_objects() {
    cat <<'SQL'
SELECT kind || ' ' || quote_ident(nspname) || coalesce('.' || quote_ident(name), '')
FROM (
    SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
            WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END AS kind,
        relname AS name, relnamespace AS place, tableoid AS class, oid AS object
    FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
    UNION ALL SELECT 'function', proname, pronamespace, tableoid, oid FROM pg_catalog.pg_proc
    UNION ALL SELECT 'type', typname, typnamespace, tableoid, oid FROM pg_catalog.pg_type WHERE typtype IN ('d', 'e', 'r')
    UNION ALL SELECT 'schema', NULL, oid, tableoid, oid FROM pg_catalog.pg_namespace WHERE nspname <> 'public'
) AS found JOIN pg_catalog.pg_namespace AS space ON space.oid = place
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND NOT EXISTS (
    SELECT 1 FROM pg_catalog.pg_depend
    WHERE classid = class AND objid = object AND (deptype = 'e' OR deptype = 'i' AND kind = 'sequence')
)
SQL
}

schema_tracking() {
    schema_name=$(server_quote "$mirror_table")
    server_value "SELECT format('%I.%I', nspname, relname) FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace WHERE c.oid = to_regclass($schema_name)" || return 1
    schema_table=$server_answer
}

# The number is the one that all runs lock. An error leaves nothing.
schema_begin() {
    cat <<'SQL'
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL search_path = '';
SET LOCAL check_function_bodies = false;
SET LOCAL xmloption = content;
SET LOCAL client_min_messages = warning;
SET LOCAL row_security = off;
DO $guard$
DECLARE
    present text;
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock(7239150424);
    present := (
SQL
    schema_objects
    cat <<'SQL'
ORDER BY 1 LIMIT 1
    );
    IF present IS NOT NULL THEN
        RAISE EXCEPTION 'the database is not empty: it has %', present
        USING HINT = 'a dump is loaded into an empty database only';
    END IF;
END
$guard$;
SQL
}

schema_end() {
    [ -z "$1" ] || printf 'ALTER TABLE %s ALTER COLUMN id RESTART WITH %s;\n' "$schema_table" "$(($1 + 1))"
    printf 'COMMIT;\n'
}

# Control characters are written as the bytes of the text, so that no editor and no checkout changes them.
schema_literal() {
    cat <<SQL
CASE WHEN $1 IS NULL THEN 'NULL'
        WHEN $1 GLOB '*[' || char(1) || '-' || char(8, 11, 12, 14) || '-' || char(31, 127) || ']*'
            THEN 'pg_catalog.convert_from(''\\x' || lower(hex($1)) || ''', ''UTF8'')'
        WHEN instr($1, '\\') OR instr($1, char(13))
            THEN 'E' || replace(replace(quote($1), '\\', '\\\\'), char(13), '\\r')
        ELSE quote($1) END
SQL
}
