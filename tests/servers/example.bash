# The example of the project in a database of any kind: `dialect` says which one. Servers are taken from
# version to version by scripts and their own clients; the program of operation 17 is run by hand.

# A copy of the example with two changes: operation 11 has a way down, because these tests go down to 0,
# and the place of the program is taken by files that hold what it has printed.
use_example() {
    cp -R "$root/migrations/." migrations
    program=$root/migrations/2025-03-03/0017-SCHOOL-530-import-legacy-users.sh
    printed=migrations/2025-03-03/0017-SCHOOL-530-import-legacy-users
    rm "$printed.sh"
    printf 'SELECT 1;\n' | tee "${printed}_up.sql" "${printed}_down.sql" \
        >migrations/2025-02-10/0011-DOC-318-delete-expired-documents_down.sql
}

# Makes an empty database of that kind. Everything below goes to it.
use_dialect() { # <dialect>
    dialect=$1
    case $dialect in
    postgresql) postgresql_database "example_$BATS_TEST_NUMBER" ;;
    mysql)
        mysql_database "example_$BATS_TEST_NUMBER"
        (umask 077 && printf 'database = %s\n' "$mysql_name" | cat "$mysql_options" - >options.cnf)
        ;;
    *) rm -f school.db ;;
    esac
}

# Runs statements, as a person would; values of a row come with tabs between.
ask() { # <sql>
    case $dialect in
    postgresql) psql -X -q -A -t -F $'\t' -P null=NULL -v ON_ERROR_STOP=1 -c "$1" ;;
    mysql) mysql_run --default-character-set=utf8mb4 -N -r -e "$1" ;;
    *) sqlite3 -batch -bail -init /dev/null -separator $'\t' -nullvalue NULL school.db 'PRAGMA foreign_keys = ON' "$1" ;;
    esac
}

run_script() { # <file>
    case $dialect in
    postgresql) psql -X -q -f "$1" ;;
    *) mysql_run <"$1" ;;
    esac
}

# Runs the program as the engine would.
run_program() { # <up or down>
    case $dialect in
    postgresql) MIGRATE_DIALECT=postgresql MIGRATE_DATABASE='' "$program" "$1" ;;
    mysql)
        MIGRATE_DIALECT=mysql MIGRATE_DATABASE='' MIGRATE_CLIENT=${client-$mysql_client} MIGRATE_OPTIONS=options.cnf \
            "$program" "$1"
        ;;
    *) MIGRATE_DATABASE=school.db "$program" "$1" ;;
    esac
}

# Runs the script from one version to another.
step() { # <from> <to>
    mig "SELECT rtrim(migrate_script(NULL, $1, $2, '$dialect'), char(10))" >step.sql || return
    if ! run_script step.sql >step.output 2>&1; then
        cat step.output
        return 1
    fi
}

# Takes the database to a version. What the program says is in `log`.
go() { # <from> <to>
    if [ "$dialect" = sqlite ]; then
        MIGRATE_SCRIPTS=on MIGRATIONS_DIR=$root/migrations sqlite3 -batch -bail -init /dev/null school.db \
            ".load $extension" "SELECT migrate_to($2)" >step.output
    elif [ "$1" -lt 17 ] && [ "$2" -ge 17 ]; then
        go "$1" 16 &&
            run_program up >"${printed}_up.sql" 2>log &&
            step 16 17 &&
            go 17 "$2"
    elif [ "$1" -ge 17 ] && [ "$2" -lt 17 ]; then
        go "$1" 17 &&
            run_program down >"${printed}_down.sql" 2>log &&
            step 17 16 &&
            go 16 "$2"
    elif [ "$1" != "$2" ]; then
        step "$1" "$2"
    fi
}

# The rows of version 19, in an order that no server has a say in. Users are known by their addresses:
# the number of one who is imported again is a new one on a server. How a whole number of the kind with
# a fraction is written is a matter of taste.
contents() {
    local query
    for query in \
        'SELECT id, code, name, city, kind FROM institutions' \
        'SELECT email, institution_id, role, first_name, last_name, full_name, CASE WHEN active THEN 1 ELSE 0 END FROM users' \
        'SELECT id, email FROM users WHERE id < 10' \
        'SELECT id, institution_id, author_id, title, opens_on, closes_on FROM surveys' \
        'SELECT id, survey_id, position, kind, wording FROM questions' \
        'SELECT id, question_id, user_id, number, words FROM answers' \
        'SELECT id, institution_id, owner_id, title, body, issued_on, expires_on FROM documents' \
        'SELECT id, student_id, teacher_id, subject, exam_on, points, max_points, percent, letter FROM grades' \
        'SELECT id, grade_id, action, old_points, new_points FROM grade_changes' \
        'SELECT legacy_users.id, name, legacy_users.email, legacy_users.role, institution, users.email
           FROM legacy_users LEFT JOIN users ON users.id = user_id' \
        'SELECT institution, student_id, student, exams, average_percent FROM grade_averages' \
        'SELECT code, name, students, active_teachers, surveys, documents FROM institution_overviews'; do
        printf '%s\n' "$query"
        ask "$query" | sed -E 's/([0-9])\.0(\t|$)/\1\2/g' | LC_ALL=C sort
    done
}

# All that operations have made in a server, without the rows.
shape() {
    local name
    if [ "$dialect" = postgresql ]; then
        ask "SELECT attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
                    attgenerated, pg_get_expr(adbin, adrelid)
               FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
               LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
              WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0
                AND NOT attisdropped AND relname NOT IN ('migration', 'migration_log')
              ORDER BY 1, attnum" || return
        ask "SELECT line FROM (
                 SELECT conrelid::regclass AS relation, conname || ' ' || pg_get_constraintdef(oid) AS line
                   FROM pg_constraint WHERE connamespace = 'public'::regnamespace
                 UNION ALL SELECT indrelid::regclass, pg_get_indexdef(indexrelid)
                   FROM pg_index JOIN pg_class ON oid = indrelid WHERE relnamespace = 'public'::regnamespace
                 UNION ALL SELECT tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
                 UNION ALL SELECT oid::regclass, pg_get_viewdef(oid)
                   FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
             ) AS lines WHERE relation NOT IN ('migration'::regclass, 'migration_log'::regclass)
              ORDER BY line" || return
        ask "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname"
        return
    fi
    for name in $(ask "SELECT table_name FROM information_schema.tables
        WHERE table_schema = database() AND table_name NOT IN ('migration', 'migration_log') ORDER BY 1"); do
        ask "SHOW CREATE TABLE $name" | sed 's/ AUTO_INCREMENT=[0-9]*//' || return
    done
    ask "SELECT trigger_name, action_timing, event_manipulation, event_object_table, action_statement
           FROM information_schema.triggers WHERE trigger_schema = database() ORDER BY 1"
    ask "SELECT routine_name FROM information_schema.routines WHERE routine_schema = database()"
}

# The numbers of the documents that have all of these words.
search() { # <word>...
    local words="$*"
    case $dialect in
    postgresql) ask "SELECT id FROM documents WHERE search @@ websearch_to_tsquery('simple', documents_words('$words')) ORDER BY id" ;;
    mysql) ask "SELECT id FROM documents WHERE MATCH (title, body) AGAINST ('+${words// / +}' IN BOOLEAN MODE) ORDER BY id" ;;
    *) ask "SELECT rowid FROM documents_fts WHERE documents_fts MATCH '$words' ORDER BY rowid" ;;
    esac
}
