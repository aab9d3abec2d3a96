#!/bin/sh
# Turns the good rows of legacy_users into users; the bad ones stay where they are and are named
# in the log. Called with `up` or `down`. Prints SQL on standard output, its log on standard error,
# and only reads the database: the caller runs the SQL in the transaction of this operation.
# MIGRATE_DIALECT says which kind of database it is: sqlite (without it, too), postgresql or mysql.
set -eu

log() { printf '%s\n' "import-legacy-users: $*" >&2; }
die() {
    log "$*"
    exit 1
}

# Runs one statement, prints its rows. There is no other way into the database.
query() {
    case $dialect in
    postgresql)
        PGCLIENTENCODING=UTF8 psql -X -w -q -A -t -v ON_ERROR_STOP=1 -c "$1" </dev/null
        ;;
    mysql)
        # Without --raw, the client would put backslashes into what it prints.
        "$MIGRATE_CLIENT" --defaults-file="$MIGRATE_OPTIONS" --default-character-set=utf8mb4 \
            --batch --raw --skip-column-names \
            --execute="SET SESSION sql_mode = 'PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES'; $1" </dev/null
        ;;
    *)
        sqlite3 -readonly -batch -bail -init /dev/null -noheader -list \
            -cmd '.timeout 5000' "$database" "$1"
        ;;
    esac
}

# Prints an expression for the text $1 as a literal. The database does the quoting: no value ever
# passes through the shell's own rules. What a backslash in quotes means to MySQL is a setting of
# the session that will run the statement, so there it is hexadecimal digits.
literal() {
    case $dialect in
    postgresql) printf 'quote_literal(%s)' "$1" ;;
    mysql) printf "'_utf8mb4 X''' || hex(%s) || ''''" "$1" ;;
    *) printf 'quote(%s)' "$1" ;;
    esac
}

# Prints the statements that fail with the message $2 unless the condition $1 is true.
assertion() {
    case $dialect in
    postgresql)
        # shellcheck disable=SC2016 # the dollars are quotes of PostgreSQL
        printf 'DO $$ BEGIN IF NOT (%s) THEN RAISE EXCEPTION '\''%s'\''; END IF; END; $$;\n' "$1" "$2"
        ;;
    mysql)
        # What the error shows is the name of the constraint.
        printf '%s\n' 'CREATE TEMPORARY TABLE assertion (' '    holds INT NOT NULL,' \
            "    CONSTRAINT \`$2\` CHECK (holds = 1)" ');' \
            "INSERT INTO assertion SELECT $1;" 'DROP TEMPORARY TABLE assertion;'
        ;;
    *) printf 'SELECT migrate_assert(\n    %s,\n    '\''%s'\''\n);\n' "$1" "$2" ;;
    esac
}

# Each kind of database in its own words: the names of functions, patterns, and what makes two
# e-mail addresses the same.
speak() {
    comma="instr(name, ',')"
    before_comma="$comma - 1"
    has_control="typed REGEXP '[\\x00-\\x1f\\x7f]'"
    odd="email NOT LIKE '_%@_%._%' OR email LIKE '%@%@%' OR email LIKE '%@.%' OR email LIKE '%..%'
            OR email LIKE '%.'"
    is_malformed="$odd OR email REGEXP '[ ,;<>()]'"
    has_user='users.email = tidy.email COLLATE utf8mb4_general_ci'
    same_email='email COLLATE utf8mb4_general_ci'
    line_feed='char(10 USING utf8mb4)'
    case $dialect in
    mysql) ;;
    postgresql)
        comma="strpos(name, ',')"
        before_comma="greatest($comma - 1, 0)"
        has_control="typed ~ '[\\x01-\\x1f\\x7f]'"
        is_malformed="$odd OR email ~ '[ ,;<>()]'"
        has_user='lower(users.email) = tidy.email'
        same_email=email
        line_feed='chr(10)'
        ;;
    *)
        has_control="instr(typed, char(0)) OR typed GLOB '*[' || char(1) || '-' || char(31) || ']*'
            OR instr(typed, char(127))"
        is_malformed="email NOT GLOB '?*@?*.?*' OR email GLOB '*@*@*' OR email GLOB '*[ ,;<>()]*'
            OR email GLOB '*@.*' OR email GLOB '*..*' OR email GLOB '*.'"
        has_user='users.email = tidy.email COLLATE NOCASE'
        same_email=email
        line_feed='char(10)'
        ;;
    esac
}

# One row for each legacy user that is not imported yet: the tidy values, and why it is skipped
# (problem is NULL for a good row). Of several good rows with one address the first is taken.
describe_candidates() {
    speak
    candidates="
WITH tidy AS (
    SELECT
        id,
        trim(substr(name, $comma + 1)) AS first_name,
        trim(substr(name, 1, $before_comma)) AS last_name,
        lower(trim(email)) AS email,
        CASE lower(trim(role))
            WHEN 'pupil' THEN 'student'
            WHEN 'student' THEN 'student'
            WHEN 'teacher' THEN 'teacher'
        END AS role,
        (SELECT institutions.id FROM institutions
          WHERE institutions.name = trim(legacy_users.institution)) AS institution_id,
        institution,
        coalesce(name, '') || coalesce(email, '') AS typed
    FROM legacy_users
    WHERE user_id IS NULL
), checked AS (
    SELECT tidy.*, CASE
        WHEN $has_control THEN 'control character in name or e-mail'
        WHEN coalesce(email, '') = '' THEN 'no e-mail'
        WHEN $is_malformed THEN 'malformed e-mail'
        WHEN coalesce(first_name, '') = '' OR coalesce(last_name, '') = ''
            THEN 'name is not \"last, first\"'
        WHEN role IS NULL THEN 'unknown role'
        WHEN coalesce(trim(institution), '') = '' THEN 'no institution'
        WHEN institution_id IS NULL THEN 'institution not found'
        WHEN EXISTS (SELECT 1 FROM users WHERE $has_user)
            THEN 'duplicate: a user has this e-mail'
    END AS fault
    FROM tidy
), candidates AS (
    SELECT checked.*, CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN row_number() OVER (PARTITION BY fault IS NULL, $same_email ORDER BY id) > 1
            THEN 'duplicate: an earlier row has this e-mail'
    END AS problem
    FROM checked
)"
}

up() {
    describe_candidates
    skipped=$(query "$candidates
        SELECT 'legacy user ' || id || ' skipped: ' || problem
        FROM candidates WHERE problem IS NOT NULL ORDER BY id;") || die 'cannot read legacy_users'
    numbers=$(query "$candidates
        SELECT (count(*) - count(problem)) || '|' || count(problem) FROM candidates;") ||
        die 'cannot count legacy_users'
    role=$(literal role)
    email=$(literal email)
    first_name=$(literal first_name)
    last_name=$(literal last_name)
    statements=$(query "$candidates
        SELECT 'INSERT INTO users (institution_id, role, email, first_name, last_name) VALUES ('
            || institution_id || ', ' || $role || ', ' || $email || ', ' || $first_name || ', '
            || $last_name || ');' || $line_feed
            || 'UPDATE legacy_users SET user_id = (SELECT id FROM users WHERE email = ' || $email
            || ') WHERE id = ' || id || ';'
        FROM candidates WHERE problem IS NULL ORDER BY id;") || die 'cannot write the statements'
    good=${numbers%%'|'*}
    bad=${numbers##*'|'}

    if [ -n "$skipped" ]; then
        printf '%s\n' "$skipped" | while IFS= read -r line; do log "$line"; done
    fi
    log "$good to import, $bad skipped"
    if [ -n "$statements" ]; then
        printf '%s\n' "$statements"
    fi
    assertion \
        "(SELECT count(*) FROM legacy_users JOIN users ON users.id = legacy_users.user_id) >= $good" \
        'not every good legacy user was imported'
}

down() {
    # Deleting a user takes grades and answers along. What was entered since must not vanish.
    used=$(query "
        WITH imported AS (SELECT user_id FROM legacy_users WHERE user_id IS NOT NULL)
        SELECT (SELECT count(*) FROM grades
                 WHERE student_id IN (SELECT user_id FROM imported)
                    OR teacher_id IN (SELECT user_id FROM imported))
             + (SELECT count(*) FROM answers WHERE user_id IN (SELECT user_id FROM imported))
             + (SELECT count(*) FROM surveys WHERE author_id IN (SELECT user_id FROM imported))
             + (SELECT count(*) FROM documents WHERE owner_id IN (SELECT user_id FROM imported));") ||
        die 'cannot read what belongs to the imported users'
    [ "$used" = 0 ] ||
        die "imported users already own grades, answers, surveys or documents (rows: $used); move or delete those first"
    count=$(query 'SELECT count(user_id) FROM legacy_users;') || die 'cannot count legacy_users'

    log "$count to remove"
    printf '%s\n' \
        'DELETE FROM users WHERE id IN (SELECT user_id FROM legacy_users);' \
        'UPDATE legacy_users SET user_id = NULL WHERE user_id IS NOT NULL;'
}

[ $# -eq 1 ] || die "one argument expected: up or down"
case $1 in
up | down) ;;
*) die "unknown argument: $1 (up or down expected)" ;;
esac

dialect=${MIGRATE_DIALECT:-sqlite}
case $dialect in
sqlite)
    database=${MIGRATE_DATABASE:-}
    [ -n "$database" ] || die 'MIGRATE_DATABASE is not set: a database file is needed'
    [ -f "$database" ] || die "no such database file: $database"
    case $database in
    /*) ;;
    *) database=./$database ;; # a name that starts with a hyphen is not an option
    esac
    command -v sqlite3 >/dev/null || die 'sqlite3 is not installed'
    ;;
postgresql) command -v psql >/dev/null || die 'psql is not installed' ;;
mysql)
    [ -n "${MIGRATE_CLIENT:-}" ] || die 'MIGRATE_CLIENT is not set: the path of the client is needed'
    [ -n "${MIGRATE_OPTIONS:-}" ] || die 'MIGRATE_OPTIONS is not set: an option file is needed'
    ;;
*) die "unknown dialect: $dialect (sqlite, postgresql or mysql expected)" ;;
esac

"$1"
