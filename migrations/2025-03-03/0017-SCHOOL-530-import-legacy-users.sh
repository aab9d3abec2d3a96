#!/bin/sh
# Turns the good rows of legacy_users into users; the bad ones stay where they are and are named
# in the log. Called with `up` or `down`. Prints SQL on standard output, its log on standard error,
# and only reads the database: the caller runs the SQL in the transaction of this operation.
set -eu

log() { printf '%s\n' "import-legacy-users: $*" >&2; }
die() {
    log "$*"
    exit 1
}

query() {
    sqlite3 -readonly -batch -bail -init /dev/null -noheader -list \
        -cmd '.timeout 5000' "$database" "$1"
}

# One row for each legacy user that is not imported yet: the tidy values, and why it is skipped
# (problem is NULL for a good row). Of several good rows with one address the first is taken.
candidates="
WITH tidy AS (
    SELECT
        id,
        trim(substr(name, instr(name, ',') + 1)) AS first_name,
        trim(substr(name, 1, instr(name, ',') - 1)) AS last_name,
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
    SELECT *, CASE
        WHEN instr(typed, char(0)) OR typed GLOB '*[' || char(1) || '-' || char(31) || ']*'
            OR instr(typed, char(127)) THEN 'control character in name or e-mail'
        WHEN coalesce(email, '') = '' THEN 'no e-mail'
        WHEN email NOT GLOB '?*@?*.?*' OR email GLOB '*@*@*' OR email GLOB '*[ ,;<>()]*'
            OR email GLOB '*@.*' OR email GLOB '*..*' OR email GLOB '*.' THEN 'malformed e-mail'
        WHEN coalesce(first_name, '') = '' OR coalesce(last_name, '') = ''
            THEN 'name is not \"last, first\"'
        WHEN role IS NULL THEN 'unknown role'
        WHEN coalesce(trim(institution), '') = '' THEN 'no institution'
        WHEN institution_id IS NULL THEN 'institution not found'
        WHEN EXISTS (SELECT 1 FROM users WHERE users.email = tidy.email COLLATE NOCASE)
            THEN 'duplicate: a user has this e-mail'
    END AS fault
    FROM tidy
), candidates AS (
    SELECT *, CASE
        WHEN fault IS NOT NULL THEN fault
        WHEN row_number() OVER (PARTITION BY fault IS NULL, email ORDER BY id) > 1
            THEN 'duplicate: an earlier row has this e-mail'
    END AS problem
    FROM checked
)"

up() {
    skipped=$(query "$candidates
        SELECT 'legacy user ' || id || ' skipped: ' || problem
        FROM candidates WHERE problem IS NOT NULL ORDER BY id;") || die 'cannot read legacy_users'
    numbers=$(query "$candidates
        SELECT count(*) - count(problem), count(problem) FROM candidates;") ||
        die 'cannot count legacy_users'
    # quote() does the quoting: no value ever passes through the shell's own rules.
    statements=$(query "$candidates
        SELECT 'INSERT INTO users (institution_id, role, email, first_name, last_name) VALUES ('
            || quote(institution_id) || ', ' || quote(role) || ', ' || quote(email) || ', '
            || quote(first_name) || ', ' || quote(last_name) || ');' || char(10)
            || 'UPDATE legacy_users SET user_id = (SELECT id FROM users WHERE email = '
            || quote(email) || ') WHERE id = ' || quote(id) || ';'
        FROM candidates WHERE problem IS NULL ORDER BY id;") || die 'cannot write the statements'
    good=${numbers%%|*}
    bad=${numbers##*|}

    if [ -n "$skipped" ]; then
        printf '%s\n' "$skipped" | while IFS= read -r line; do log "$line"; done
    fi
    log "$good to import, $bad skipped"
    if [ -n "$statements" ]; then
        printf '%s\n' "$statements"
    fi
    printf '%s\n' "SELECT migrate_assert(
    (SELECT count(*) FROM legacy_users JOIN users ON users.id = legacy_users.user_id) >= $good,
    'not every good legacy user was imported'
);"
}

down() {
    # Deleting a user takes grades and answers along. What was entered since must not vanish.
    used=$(query "
        WITH imported AS (SELECT user_id FROM legacy_users WHERE user_id IS NOT NULL)
        SELECT (SELECT count(*) FROM grades
                 WHERE student_id IN imported OR teacher_id IN imported)
             + (SELECT count(*) FROM answers WHERE user_id IN imported)
             + (SELECT count(*) FROM surveys WHERE author_id IN imported)
             + (SELECT count(*) FROM documents WHERE owner_id IN imported);") ||
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

database=${MIGRATE_DATABASE:-}
[ -n "$database" ] || die 'MIGRATE_DATABASE is not set: a database file is needed'
[ -f "$database" ] || die "no such database file: $database"
case $database in
/*) ;;
*) database=./$database ;; # a name that starts with a hyphen is not an option
esac
command -v sqlite3 >/dev/null || die 'sqlite3 is not installed'

"$1"
