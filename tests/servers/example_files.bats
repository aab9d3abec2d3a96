#!/usr/bin/env bats
# The example in migrations/ on each kind of server, beside SQLite: it applies, goes down, comes up again,
# and means the same everywhere.

load ../helpers/migrate
load ../helpers/postgresql
load ../helpers/mysql
load example

setup_file() {
    postgresql_start
    mysql_start
}

teardown_file() {
    local status=0
    postgresql_stop || status=1
    mysql_stop || status=1
    return "$status"
}

setup() {
    use_scratch
    use_example
}

# Takes an empty database of each kind to a version, does something there, and compares what it prints
# with what it prints on SQLite.
same_on() { # <dialect> <version> <command>...
    use_dialect sqlite
    go 0 "$2"
    "${@:3}" >expected
    [ -s expected ]
    use_dialect "$1"
    go 0 "$2"
    "${@:3}" >actual
    diff -u expected actual
}

goes_down_and_up() { # <dialect>
    use_dialect "$1"
    go 0 19
    contents >rows
    shape >schema
    go 19 0
    shape >empty
    [ ! -s empty ]
    go 0 19
    shape | diff -u schema -
    contents | diff -u rows -
}

leaves_no_trace() { # <dialect>
    local version
    use_dialect "$1"
    step 0 0
    for ((version = 1; version <= 19; version++)); do
        shape >before
        go "$((version - 1))" "$version"
        go "$version" "$((version - 1))"
        shape | diff -u before -
        go "$((version - 1))" "$version"
    done
}

ends_at_11() { # <dialect>
    rm migrations/2025-02-10/0011-*_down.sql
    run --separate-stderr -20 mig "SELECT migrate_script(NULL, 16, 0, '$1')"
    [ "$output" = "" ]
    [ "$(error_text)" = "operation 11 (2025-02-10/0011-DOC-318-delete-expired-documents_up.$1.sql) cannot be rolled back: it has no rollback code
hint: go down to version 11 only" ]
}

# Counts the rows whose stamp is still the old one after each change.
touches() {
    local name
    ask "UPDATE users SET updated_at = '2001-01-01 00:00:00'"
    ask "UPDATE institutions SET updated_at = '2001-01-01 00:00:00'"
    ask "UPDATE users SET last_name = 'KURZ' WHERE id = 3"
    ask "UPDATE users SET email = 'Tom.Becker@lakeside.example', role = 'head' WHERE id = 2"
    ask "UPDATE users SET active = NOT active WHERE id = 5"
    ask "UPDATE institutions SET city = 'bremen' WHERE id = 2"
    ask "UPDATE institutions SET code = 'PRI-0009' WHERE id = 1"
    for name in users institutions; do
        ask "SELECT id FROM $name WHERE updated_at > '2002-01-01 00:00:00' ORDER BY id"
    done
}

history() {
    ask "UPDATE grades SET points = 18 WHERE id = 1"
    ask "UPDATE grades SET points = 7.5 WHERE id = 1"
    ask "UPDATE grades SET points = 7.5, letter = 'B' WHERE id = 1"
    ask "DELETE FROM grades WHERE id = 2"
    ask "DELETE FROM users WHERE id = 6"
    ask "DELETE FROM users WHERE id = 4"
    ask "DELETE FROM institutions WHERE id = 3"
    contents
}

# The search before and after changes of the documents.
searches() {
    local words
    for words in physics PHYSICS 'room physics' cafe Café lunch shoes 'shoes physics' foot; do
        printf '%s: %s\n' "$words" "$(search "$words" | paste -s -d ' ')"
    done
    ask "INSERT INTO documents (institution_id, title, body, issued_on) VALUES (1, 'Excursion', 'Packed lunch for the museum', '2025-03-01')"
    ask "UPDATE documents SET title = 'Chemistry', body = 'Old shoes for the laboratory' WHERE id = 5"
    ask "DELETE FROM institutions WHERE id = 2"
    for words in lunch museum excursion physics shoes safety; do
        printf '%s: %s\n' "$words" "$(search "$words" | paste -s -d ' ')"
    done
}

# Statements that no kind of database lets through.
refuses() {
    local statement accepted=
    while IFS= read -r statement; do
        if ask "$statement" >/dev/null 2>&1; then
            printf '%s accepts: %s\n' "$dialect" "$statement" >&2
            accepted=1
        fi
    done <<'SQL'
INSERT INTO institutions (code, name, city, kind) VALUES ('PRI-0009', 'North', 'Graz', 'Primary')
INSERT INTO institutions (code, name, city, kind) VALUES ('pri-0009', 'North', 'Graz', 'primary')
INSERT INTO institutions (code, name, city, kind) VALUES ('PRI0009', 'North', 'Graz', 'primary')
INSERT INTO institutions (code, name, city, kind) VALUES (NULL, 'North', 'Graz', 'primary')
INSERT INTO institutions (code, name, city, kind) VALUES ('PRI-0001', 'North', 'Graz', 'primary')
INSERT INTO institutions (code, name, city, kind) VALUES ('PRI-0009', 'Lakeside Primary School', 'Graz', 'primary')
INSERT INTO users (institution_id, role, email, first_name, last_name) VALUES (9, 'student', 'ann@north.example', 'Ann', 'Ash')
INSERT INTO users (institution_id, role, email, first_name, last_name) VALUES (1, 'pupil', 'ann@north.example', 'Ann', 'Ash')
INSERT INTO users (institution_id, role, email, first_name, last_name) VALUES (1, 'student', 'ann(at)north.example', 'Ann', 'Ash')
INSERT INTO users (institution_id, role, email, first_name, last_name) VALUES (1, 'student', 'MIA.KURZ@lakeside.example', 'Ann', 'Ash')
UPDATE users SET full_name = 'Ann Ash' WHERE id = 1
INSERT INTO surveys (institution_id, title, opens_on) VALUES (1, 'School lunch', '2025-03-01')
INSERT INTO surveys (institution_id, title, opens_on) VALUES (1, 'Sports', 'soon')
INSERT INTO surveys (institution_id, title, opens_on, closes_on) VALUES (1, 'Sports', '2025-03-01', '2025-03-01')
INSERT INTO questions (survey_id, position, kind, wording) VALUES (1, 0, 'text', 'Why?')
INSERT INTO questions (survey_id, position, kind, wording) VALUES (1, 1, 'text', 'Why?')
INSERT INTO answers (question_id, user_id, number, words) VALUES (1, 6, 1, 'one')
INSERT INTO answers (question_id, user_id) VALUES (1, 6)
INSERT INTO answers (question_id, user_id, number) VALUES (1, 6, 'one')
INSERT INTO answers (question_id, user_id, number) VALUES (1, 3, 1)
INSERT INTO documents (institution_id, title, body, issued_on, expires_on) VALUES (1, 'Plan', '', '2025-03-01', '2025-02-01')
INSERT INTO documents (institution_id, owner_id, title, body, issued_on) VALUES (1, 99, 'Plan', '', '2025-03-01')
INSERT INTO grades (student_id, subject, exam_on, points, max_points) VALUES (3, 'Art', '2025-03-01', 11, 10)
INSERT INTO grades (student_id, subject, exam_on, points, max_points) VALUES (3, 'Art', '2025-03-01', 0, 0)
INSERT INTO grades (student_id, subject, exam_on, points, max_points) VALUES (3, 'German', '2025-01-22', 1, 10)
UPDATE grades SET letter = 'E' WHERE id = 1
UPDATE grades SET percent = 1 WHERE id = 1
INSERT INTO grade_changes (grade_id, action, old_points) VALUES (1, 'seen', 1)
UPDATE legacy_users SET user_id = 99 WHERE id = 4
SQL
    [ "$accepted" = "" ]
    contents
}

# Rows without a number get the next one; what differs in its case only is something else.
accepts() {
    ask "INSERT INTO institutions (code, name, city, kind) VALUES ('VOC-12345', 'lakeside primary school', 'Graz', 'vocational')"
    ask "INSERT INTO users (institution_id, role, email, first_name, last_name) VALUES (4, 'student', 'ann@north.example', 'Ann', 'Ash')"
    ask "INSERT INTO surveys (institution_id, title, opens_on) VALUES (1, 'school lunch', '2025-03-01')"
    ask "INSERT INTO questions (survey_id, position, kind, wording) VALUES (3, 1, 'text', 'Why?')"
    ask "INSERT INTO answers (question_id, user_id, words) VALUES (5, 15, 'Because')"
    ask "INSERT INTO documents (institution_id, title, body, issued_on) VALUES (4, 'Plan', 'New', '2025-03-01')"
    ask "INSERT INTO grades (student_id, subject, exam_on, points, max_points) VALUES (15, 'german', '2025-01-22', 2, 3)"
    ask "INSERT INTO grades (student_id, subject, exam_on, points, max_points) VALUES (15, 'German', '2025-01-22', 0.5, 3)"
    ask "INSERT INTO legacy_users (name) VALUES ('Late, Liz')"
    ask "SELECT max(id) FROM users"
    contents
}

# Legacy users of each kind, good and bad, and what the program makes of them.
imports() {
    local backslashes='' control=$'\001' rub=$'\177' feed=$'\n'
    if [ "$dialect" = mysql ]; then
        backslashes="SET sql_mode = 'NO_BACKSLASH_ESCAPES';"
    fi
    ask "$backslashes INSERT INTO legacy_users (id, name, email, role, institution) VALUES
        (101, 'back\\slash, quo''te', 'back@lakeside.example', ' TEACHER ', ' Lakeside Primary School '),
        (102, 'Ünal,Çağla', ' ünaL@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (103, 'a \$x \$\$ \`b\`, \"c\"', 'dollar@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (104, 'control$control, Ann', 'control@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (105, 'rub$rub, Ann', 'rub@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (106, 'feed, Ann', 'feed$feed@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (107, 'Dot, Ann', 'ann@lakeside.example.', 'pupil', 'Lakeside Primary School'),
        (108, 'Dot, Ann', 'ann@lakeside..example', 'pupil', 'Lakeside Primary School'),
        (109, 'Dot, Ann', 'ann@.example', 'pupil', 'Lakeside Primary School'),
        (110, 'Odd, Ann', 'ann;@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (111, 'Odd, Ann', 'a nn@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (112, 'Odd, Ann', '@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (113, 'Odd, Ann', '   ', 'pupil', 'Lakeside Primary School'),
        (114, ', Ann', 'ann1@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (115, 'Ash,', 'ann2@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (116, NULL, 'ann3@lakeside.example', 'pupil', 'Lakeside Primary School'),
        (117, 'Ash, Ann', 'ann4@lakeside.example', NULL, 'Lakeside Primary School'),
        (118, 'Ash, Ann', 'ann5@lakeside.example', 'pupil', '  '),
        (119, 'Ash, Ann', 'ann6@lakeside.example', 'pupil', 'lakeside primary school'),
        (120, 'Ash, Ann', 'BACK@lakeside.example', 'pupil', 'Lakeside Primary School')"
    go 16 19
    if [ "$dialect" = sqlite ]; then
        ask 'SELECT rtrim(output, char(10)) FROM migration_log WHERE version = 17' >log
    fi
    cat log
    contents
}

# A program that cannot go on prints no SQL at all, and its status is 1.
prints_all_or_nothing() { # <dialect> <client>
    local calls client
    mkdir stubs
    # shellcheck disable=SC2016 # the stub expands these
    printf '%s\n' '#!/bin/sh' 'echo >>calls' '[ "$(wc -l <calls)" != "$FAILING" ] || exit 1' "exec $2 \"\$@\"" >"stubs/${2##*/}"
    chmod +x "stubs/${2##*/}"
    use_dialect "$1"
    go 0 17
    for calls in 1 2 3; do
        rm -f calls
        client=$PWD/stubs/${2##*/} FAILING=$calls PATH=$PWD/stubs:$PATH run --separate-stderr -1 run_program up
        [ "$output" = "" ]
        [ "$(wc -l <calls)" = "$calls" ]
    done
    [ "$stderr" = "import-legacy-users: cannot write the statements" ]
    for calls in 1 2; do
        rm -f calls
        client=$PWD/stubs/${2##*/} FAILING=$calls PATH=$PWD/stubs:$PATH run --separate-stderr -1 run_program down
        [ "$output" = "" ]
    done
    [ "$stderr" = "import-legacy-users: cannot count legacy_users" ]
    ask "UPDATE surveys SET author_id = (SELECT id FROM users WHERE email = 'can.demir@riverside.example') WHERE id = 2"
    run --separate-stderr -1 run_program down
    [ "$output" = "" ]
    [ "$stderr" = "import-legacy-users: imported users already own grades, answers, surveys or documents (rows: 1); move or delete those first" ]
}

# What an operation or the program has asserted, and is not so, stops the script.
asserts() { # <dialect>
    use_dialect "$1"
    go 0 16
    run_program up >"${printed}_up.sql" 2>log
    ask "UPDATE legacy_users SET id = 113 WHERE id = 13"
    run -1 step 16 17
    [[ "$output" == *"not every good legacy user was imported"* ]]
}

@test "example, PostgreSQL: has the rows and views that SQLite has" {
    same_on postgresql 19 contents
}

@test "example, MySQL: has the rows and views that SQLite has" {
    same_on mysql 19 contents
}

@test "example, PostgreSQL: goes down to nothing and comes up again the same" {
    goes_down_and_up postgresql
}

@test "example, MySQL: goes down to nothing and comes up again the same" {
    goes_down_and_up mysql
}

@test "example, PostgreSQL: each operation leaves the schema as it found it" {
    leaves_no_trace postgresql
}

@test "example, MySQL: each operation leaves the schema as it found it" {
    leaves_no_trace mysql
}

@test "example, PostgreSQL: goes no further down than 11" {
    ends_at_11 postgresql
}

@test "example, MySQL: goes no further down than 11" {
    ends_at_11 mysql
}

@test "example, PostgreSQL: updated_at is kept up to date" {
    same_on postgresql 19 touches
}

@test "example, MySQL: updated_at is kept up to date" {
    same_on mysql 19 touches
}

@test "example, PostgreSQL: the history of grades is written, also when a user or a school is deleted" {
    same_on postgresql 19 history
}

@test "example, MySQL: the history of grades is written, also when a user or a school is deleted" {
    same_on mysql 19 history
}

@test "example, PostgreSQL: a search finds what FTS5 finds, and follows the documents" {
    same_on postgresql 19 searches
}

@test "example, MySQL: a search finds what FTS5 finds, and follows the documents" {
    same_on mysql 19 searches
}

@test "example, PostgreSQL: refuses what SQLite refuses" {
    same_on postgresql 19 refuses
}

@test "example, MySQL: refuses what SQLite refuses" {
    same_on mysql 19 refuses
}

@test "example, PostgreSQL: accepts what SQLite accepts, and numbers it the same" {
    same_on postgresql 19 accepts
}

@test "example, MySQL: accepts what SQLite accepts, and numbers it the same" {
    same_on mysql 19 accepts
}

@test "example, PostgreSQL: the program imports and skips what it does on SQLite" {
    same_on postgresql 16 imports
}

@test "example, MySQL: the program imports and skips what it does on SQLite" {
    same_on mysql 16 imports
}

@test "example, PostgreSQL: the program prints all of its statements or none" {
    prints_all_or_nothing postgresql "$postgresql_client"
}

@test "example, MySQL: the program prints all of its statements or none" {
    prints_all_or_nothing mysql "$mysql_client"
}

@test "example: the program prints all of its statements or none on SQLite" {
    prints_all_or_nothing sqlite "$(type -P sqlite3)"
}

@test "example, PostgreSQL: an assertion that does not hold stops the script" {
    asserts postgresql
}

@test "example, MySQL: an assertion that does not hold stops the script" {
    asserts mysql
}

@test "example, MySQL: views can be read with ONLY_FULL_GROUP_BY" {
    use_dialect mysql
    go 0 19
    [ "$(ask "SET sql_mode = 'ONLY_FULL_GROUP_BY'; SELECT count(*) FROM grade_averages; SELECT count(*) FROM institution_overviews")" = "4
3" ]
}
