#!/usr/bin/env bats
# The example in migrations/: it applies, goes down as far as it says, comes up again the same, and
# loses no data on the way.

load ../helpers/migrate

setup() {
    use_scratch
    export MIGRATE_SCRIPTS=on MIGRATIONS_DIR="$root/migrations"
}

# The application's rows that version 11 has, with the columns that stay; without imported users.
rows() {
    plain 'SELECT id, name, city, kind FROM institutions' \
        'SELECT id, institution_id, role, email, full_name, active FROM users WHERE id <= 903' \
        'SELECT id, institution_id, author_id, title FROM surveys' \
        'SELECT id, survey_id, wording FROM questions' \
        'SELECT id, question_id, user_id, number, words FROM answers' \
        'SELECT id, institution_id, title, body FROM documents'
}

# More rows than the example's own, in all tables of version 11.
fill() {
    plain 'PRAGMA foreign_keys = ON' "INSERT INTO institutions (id, name, city, kind) VALUES
            (901, 'North', 'Graz', 'primary'), (902, 'South', 'Linz', 'vocational')" \
        "INSERT INTO users (id, institution_id, role, email, first_name, last_name) VALUES
            (901, 901, 'student', 'ann@example.org', 'Ann', 'Ash'),
            (902, 901, 'teacher', 'bob@example.org', 'Bob', 'Birch'),
            (903, 902, 'student', 'zoe@example.org', 'Zoe', 'Zander')" \
        "INSERT INTO surveys (id, institution_id, author_id, title, opens_on) VALUES (901, 901, 902, 'Food', '2025-01-01')" \
        "INSERT INTO questions (id, survey_id, position, kind, wording) VALUES (901, 901, 1, 'scale', 'Good?')" \
        'INSERT INTO answers (question_id, user_id, number) VALUES (901, 901, 4), (901, 903, 5)' \
        "INSERT INTO documents (institution_id, owner_id, title, body, issued_on) VALUES
            (901, 902, 'Rules', 'no running', '2025-01-05'), (902, NULL, 'Plan', 'much running', '2025-01-06')"
}

@test "example: applies, verifies and leaves nothing to remark" {
    [ "$(mig 'SELECT migrate_apply()' 'SELECT migrate_verify()' 'SELECT count(*) FROM migrations_problems' \
        'SELECT count(*) FROM migrations_pending')" = "19
1
0
0" ]
    [ "$(plain 'PRAGMA integrity_check' 'PRAGMA foreign_key_check')" = ok ]
}

@test "example: applies with enforced foreign keys, in one commit each, to the same schema" {
    one=$(mig 'SELECT migrate_apply()' 'SELECT migrate_fingerprint()')
    db=other.db
    two=$(mig "SELECT migrate_config('commit_interval', 0) IS NULL" 'PRAGMA foreign_keys = ON' \
        'SELECT migrate_apply()' 'SELECT migrate_fingerprint()')
    [ "$two" = "0
$one" ]
}

@test "example: is refused whole where programs are switched off" {
    MIGRATE_SCRIPTS=off run --separate-stderr -3 mig 'SELECT migrate_apply()'
    [ "$(error_text)" = "2025-03-03/0017-SCHOOL-530-import-legacy-users.sh is a program, and programs are switched off
hint: read it, then set option scripts to on" ]
    [ "$(plain 'SELECT count(*) FROM sqlite_schema')" = 0 ]
}

@test "example: each view can be read" {
    mig 'SELECT migrate_to(11)'
    fill
    mig 'SELECT migrate_apply()'
    plain "INSERT INTO grades (student_id, teacher_id, subject, exam_on, points, max_points)
        VALUES (901, 902, 'Maths', '2025-02-02', 8, 10), (901, 902, 'Maths', '2025-02-09', 9, 10)"
    [ "$(plain "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name)")" = \
        "grade_averages,institution_overviews" ]
    [ "$(plain 'SELECT code, name, students, active_teachers, surveys, documents FROM institution_overviews ORDER BY code')" = \
        "PRI-0001|Lakeside Primary School|3|1|1|1
PRI-0901|North|1|1|1|1
SEC-0002|Riverside Grammar School|4|1|1|1
VOC-0003|St. Mary's Technical College|1|2|0|1
VOC-0902|South|1|0|0|1" ]
    [ "$(plain 'SELECT institution, student, exams, average_percent FROM grade_averages
        WHERE student_id = 901')" = "North|Ann Ash|2|85.0" ]
}

@test "example: goes down to 11 and up again to the same schema" {
    before=$(mig 'SELECT migrate_to(11)' 'SELECT migrate_fingerprint()')
    top=$(mig 'SELECT migrate_apply()' 'SELECT migrate_fingerprint()')
    [ "$(mig 'SELECT migrate_to(11)' 'SELECT migrate_fingerprint()')" = "$before" ]
    [ "$(mig 'SELECT migrate_apply()' 'SELECT migrate_fingerprint()')" = "$top" ]
    [ "${before%%$'\n'*} ${top%%$'\n'*}" = "11 19" ]
}

@test "example: each operation that has a way down leaves the schema as it found it" {
    local version
    for version in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19; do
        before=$(mig 'SELECT migrate_fingerprint()')
        [ "$(mig "SELECT migrate_apply(NULL, '+1')")" -eq "$version" ]
        [ "$version" != 11 ] || continue
        mig 'SELECT migrate_rollback()'
        [ "$(mig 'SELECT migrate_fingerprint()')" = "$before" ]
        mig "SELECT migrate_apply(NULL, '+1')"
    done
}

@test "example: goes no further down than 11, says why and changes nothing" {
    mig 'SELECT migrate_apply()'
    before=$(plain .dump)
    run --separate-stderr -20 mig 'SELECT migrate_to(10)'
    [ "$(error_text)" = "operation 11 (2025-02-10/0011-DOC-318-delete-expired-documents_up.sql) cannot be rolled back: it has no rollback code
hint: add its _down.sql, then SELECT migrate_repair(11, 'accept')" ]
    [ "$(plain .dump)" = "$before" ]
}

@test "example: no data is lost on the way up and down, with enforced foreign keys" {
    mig 'SELECT migrate_to(11)'
    fill
    before=$(rows)
    mig 'PRAGMA foreign_keys = ON' 'SELECT migrate_apply()'
    [ "$(rows)" = "$before" ]
    mig 'PRAGMA foreign_keys = ON' 'SELECT migrate_to(11)'
    [ "$(rows)" = "$before" ]
    mig 'PRAGMA foreign_keys = ON' 'SELECT migrate_apply()'
    [ "$(rows)" = "$before" ]
    [ "$(plain 'PRAGMA foreign_key_check' 'PRAGMA integrity_check')" = ok ]
    [ "$(plain "SELECT group_concat(title) FROM documents_fts WHERE documents_fts MATCH 'running'")" = "Rules,Plan" ]
}

@test "example: deletes documents that are expired, and only those" {
    mig 'SELECT migrate_to(10)'
    fill
    plain "INSERT INTO documents (institution_id, title, body, issued_on, expires_on) VALUES
        (901, 'Old', 'gone', '2023-01-01', '2024-01-01'), (901, 'New', 'stays', '2024-12-01', '2030-01-01')"
    mig 'SELECT migrate_to(11)'
    [ "$(plain 'SELECT title FROM documents WHERE institution_id > 900 ORDER BY id')" = "Rules
Plan
New" ]
    [ "$(plain "SELECT count(*) FROM documents_fts WHERE documents_fts MATCH 'gone'")" = 0 ]
}

@test "example: imports the good legacy users, names the bad ones, and takes them back" {
    mig 'SELECT migrate_to(11)'
    fill
    mig 'SELECT migrate_to(16)'
    plain 'DELETE FROM legacy_users' "INSERT INTO legacy_users (id, name, email, role, institution) VALUES
        (1, 'O''Neil, Liv', ' Liv@Example.org ', 'Pupil', 'North'),
        (2, 'Nobody, Ned', NULL, 'teacher', 'North'),
        (3, 'Ash, Ann', 'ANN@example.org', 'student', 'North'),
        (4, 'Far, Fay', 'fay@example.org', 'student', 'West')"
    mig 'SELECT migrate_to(17)'
    [ "$(plain 'SELECT role, email, full_name FROM users WHERE id > 903')" = "student|liv@example.org|Liv O'Neil" ]
    [ "$(mig 'SELECT output FROM migrations_history ORDER BY id DESC LIMIT 1')" = "import-legacy-users: legacy user 2 skipped: no e-mail
import-legacy-users: legacy user 3 skipped: duplicate: a user has this e-mail
import-legacy-users: legacy user 4 skipped: institution not found
import-legacy-users: 1 to import, 3 skipped" ]
    mig 'SELECT migrate_rollback()'
    [ "$(plain 'SELECT max(id), count(*) FROM users')" = "903|12" ]
    [ "$(plain 'SELECT count(*), count(user_id) FROM legacy_users')" = "4|0" ]
}
