# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# The schema of a database of MySQL or MariaDB, as the server writes each object (SHOW CREATE). A dump
# program would put its version, the state of counters, and who has defined what into it, in places where
# no filter finds them safely; what belongs to an object, beside its text, is here what the server says:
# the modes and character sets that it was made with.
#
# A view comes behind those that it reads. Who loads a dump is the definer of what is in it.

. "$here/engines/server/schema.sh"

engine_dump_client='mariadb --binary-mode --comments, or mysql'
engine_dump_last='-- The dump ends here.'

schema_settings="SET SESSION sql_mode = '', sql_quote_show_create = 1, time_zone = '+00:00';"

# Prints what has the server say what there is: for each object a row with its kind, then what SHOW CREATE
# gives. Triggers of one event fire in the order in which they were made.
schema_list() {
    cat <<'SQL'
SELECT concat('SELECT ''', kind, ''';\nSHOW CREATE ', kind, ' `', replace(name, '`', '``'), '`;') FROM (
    SELECT IF(table_type = 'SEQUENCE', 'SEQUENCE', IF(table_type = 'VIEW', 'VIEW', 'TABLE')) AS kind, table_name AS name,
        '' AS of_table, 0 AS place
    FROM information_schema.tables WHERE table_schema = database() AND table_type <> 'TEMPORARY'
    UNION ALL SELECT routine_type, routine_name, '', 0 FROM information_schema.routines WHERE routine_schema = database()
    UNION ALL SELECT 'TRIGGER', trigger_name, concat(event_object_table, '\n', action_timing, event_manipulation), action_order
    FROM information_schema.triggers WHERE trigger_schema = database()
    UNION ALL SELECT 'EVENT', event_name, '', 0 FROM information_schema.events WHERE event_schema = database()
) AS found
ORDER BY field(kind, 'SEQUENCE', 'TABLE', 'PACKAGE', 'PACKAGE BODY', 'FUNCTION', 'PROCEDURE', 'VIEW', 'TRIGGER', 'EVENT'),
    CAST(of_table AS BINARY), place, CAST(name AS BINARY);
SQL
}

# Prints the query for the views that have no columns, since they refer to what is not there.
schema_broken() {
    cat <<'SQL'
SELECT table_name FROM information_schema.tables AS v WHERE table_schema = database() AND table_type = 'VIEW'
    AND NOT EXISTS (SELECT 1 FROM information_schema.columns AS c WHERE c.table_schema = database() AND c.table_name = v.table_name)
    ORDER BY 1 LIMIT 1
SQL
}

# Awk code: a value as the client prints it, as it is.
# shellcheck disable=SC2016 # an awk program
schema_plain='
function plain(text,    out, at, c) {
    while ((at = index(text, "\\")) > 0) {
        c = substr(text, at + 1, 1)
        out = out substr(text, 1, at - 1) (c == "n" ? "\n" : c == "t" ? "\t" : c == "0" ? "" : c)
        text = substr(text, at + 2)
    }
    return out text
}'

# Prints the statements for the rows, a kind and an object in turn. Ends with 3 where the server does not
# show an object; its name comes last.
# shellcheck disable=SC2016 # an awk program
schema_write='
# Settings of the session, where they are to be others than before.
function settings(mode, client, connection, collation, text) {
    if (client !~ /^utf8/ && text ~ /[^\t-\r -~]/) client = "utf8mb4"
    mode = "SET sql_mode = \047" mode "\047, character_set_client = " client ", collation_connection = " connection ";"
    if (mode != now) print mode
    now = mode
    if (collation != current) print "ALTER DATABASE COLLATE = " collation ";"
    current = collation
}
# What the file is written in.
function usual() {
    if (now != "") print "SET NAMES utf8mb4;\nSET sql_mode = \047" base "\047;"
    now = ""
}
# The text without its definer.
function anybody(text,    first) {
    match(text, /^CREATE (OR REPLACE )?(ALGORITHM=[A-Z]+ )?/)
    first = substr(text, 1, RLENGTH)
    text = substr(text, RLENGTH + 1)
    sub(/^DEFINER=`([^`]|``)*`(@`([^`]|``)*`)? /, "", text)
    return first text
}
# A table without its counter, and without the name of the database before its sequences.
function table(text,    count, lines, i, at, first) {
    count = split(text, lines, "\n")
    text = ""
    for (i = 1; i <= count; i++) {
        at = index(lines[i], " COMMENT")
        first = at ? substr(lines[i], 1, at - 1) : lines[i]
        if (first ~ /^\) ENGINE=/) sub(/ AUTO_INCREMENT=[0-9]+/, "", first)
        else if (match(first, / DEFAULT (nextval|lastval)\(`([^`]|``)*`\.`/) && index(first, database) > RSTART)
            first = substr(first, 1, index(first, database) - 1) substr(first, index(first, database) + length(database))
        text = text (i > 1 ? "\n" : "") first (at ? substr(lines[i], at) : "")
    }
    return text
}
function add_view(name, text, client, connection,    flat) {
    view_text[++count] = anybody(text)
    view_client[count] = client
    view_connection[count] = connection
    gsub(/`/, "``", name)
    view_name[count] = "`" name "`"
    flat = text
    gsub(/\(/, "", flat)
    view_flat[count] = flat
}
# True when view i reads view j, as far as its text tells.
function reads(i, j,    name) {
    name = view_name[j]
    gsub(/\(/, "", name)
    return index(view_flat[i], " from " name) || index(view_flat[i], " join " name)
}
function put_view(i,    j) {
    if (i in view_put) return
    view_put[i] = 1
    for (j = 1; j <= count; j++)
        if (j != i && reads(i, j)) put_view(j)
    settings(base, view_client[i], view_connection[i], home, view_text[i])
    print view_text[i] ";\n"
}
function put_views(    i) {
    for (i = 1; i <= count; i++) put_view(i)
    count = 0
}
# A body goes as one request.
function body(text,    end, number) {
    end = "//"
    while (index(text, end)) end = "//" ++number "//"
    print "DELIMITER " end "\n" text "\n" end "\nDELIMITER ;"
}
BEGIN { base = "NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION" }
NR == 1 {
    home = $1
    database = "`" plain($2)
    gsub(/`/, "``", database)
    database = substr(database, 2) "`."
    print "ALTER DATABASE COLLATE = " home ";"
    current = home
    next
}
kind == "" { kind = $0; next }
{
    text = plain(kind ~ /^(SEQUENCE|TABLE|VIEW)$/ ? $2 : kind == "EVENT" ? $4 : $3)
    if (text == "NULL") { print plain($1); failed = 3; exit }
    if (kind == "VIEW") {
        add_view(plain($1), text, $3, $4)
        kind = ""
        next
    }
    put_views()
    if (kind == "SEQUENCE" || kind == "TABLE") {
        print table(text) ";"
    } else if (kind == "EVENT") {
        settings($2, $5, $6, $7, text)
        if ($3 != zone) print "SET time_zone = \047" $3 "\047;"
        zone = $3
        body(anybody(text))
    } else {
        settings($2, $4, $5, $6, text)
        body(anybody(text))
    }
    print ""
    kind = ""
}
END {
    if (failed) exit failed
    put_views()
    usual()
    if (current != home) print "ALTER DATABASE COLLATE = " home ";"
}'

schema_text() {
    schema_sql=$(schema_broken)
    server_value "$schema_sql" || return 1
    if [ -n "$server_answer" ]; then
        engine_status=65
        engine_message="the view $server_answer refers to what is not there, or may not be read
hint: drop it, or bring back what it refers to"
        return 1
    fi
    { printf '%s\n' "$schema_settings" && schema_list; } >"$scratch/ask.sql" || schema_full || return 1
    server_run "$scratch/ask.sql" "$scratch/list" || return 1
    {
        printf "%s\nSELECT @@collation_database, replace(database(), '\`', '\`\`');\n" "$schema_settings"
        awk "$schema_plain"'{ print plain($0) }' "$scratch/list"
    } >"$scratch/show.sql" || schema_full || return 1
    server_run "$scratch/show.sql" "$scratch/shown" || return 1
    schema_result=0
    awk -F '\t' "$schema_plain$schema_write" "$scratch/shown" 2>/dev/null >"$1" || schema_result=$?
    case $schema_result in
    0) ;;
    3)
        engine_status=77
        engine_message="the server does not show how $(tail -n 1 "$1") was made
hint: that takes the privilege SHOW CREATE ROUTINE, or SELECT on mysql.proc"
        return 1
        ;;
    *) schema_full ;;
    esac
}

schema_objects() {
    cat <<'SQL'
SELECT concat(CASE table_type WHEN 'VIEW' THEN 'view ' WHEN 'SEQUENCE' THEN 'sequence ' ELSE 'table ' END, table_name) AS object
FROM information_schema.tables WHERE table_schema = database() AND table_type <> 'TEMPORARY'
UNION ALL SELECT concat(lower(routine_type), ' ', routine_name) FROM information_schema.routines WHERE routine_schema = database()
UNION ALL SELECT concat('trigger ', trigger_name) FROM information_schema.triggers WHERE trigger_schema = database()
UNION ALL SELECT concat('event ', event_name) FROM information_schema.events WHERE event_schema = database()
SQL
}

schema_tracking() {
    schema_table=$(server_quote_name "$mirror_option")
    [ "$MIGRATE_SCHEMA" != "$url_database" ] || return 0
    engine_status=78
    engine_message="the tracking table is in another database, $MIGRATE_SCHEMA, than the schema
hint: a dump is of one database: name that in the URL, and leave out option schema"
    return 1
}

# The lock is the one that all runs take.
schema_begin() {
    cat <<'SQL'
SET NAMES utf8mb4;
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', foreign_key_checks = 0, time_zone = '+00:00';
CREATE TEMPORARY TABLE `schema dump` (`another run holds the lock` int NOT NULL, `the database is not empty` int NOT NULL);
INSERT INTO `schema dump` VALUES (IF(GET_LOCK(concat('migrate.', md5(database())), 10) = 1, 1, NULL), IF((SELECT count(*) FROM (
SQL
    schema_objects
    cat <<'SQL'
) AS present) = 0, 1, NULL));
DROP TEMPORARY TABLE `schema dump`;
SQL
}

schema_end() {
    printf "DO RELEASE_LOCK(concat('migrate.', md5(database())));\n%s\n" "$engine_dump_last"
}

# What is not plain is written as its bytes, which no mode of the server reads in another way.
schema_literal() {
    cat <<SQL
CASE WHEN $1 IS NULL THEN 'NULL'
        WHEN $1 GLOB '*[^] -&(-[^-~]*' THEN '_utf8mb4 X''' || hex($1) || ''''
        ELSE quote($1) END
SQL
}
