#!/usr/bin/env bats
# Files that are no migrations: each is refused before anything is changed, with its place and a hint.

load ../helpers/migrate

setup() {
    use_scratch
    day=$folder/2025-01-10
    mkdir "$day"
    up=2025-01-10/0001-TASK-1-first_up.sql
    down=2025-01-10/0001-TASK-1-first_down.sql
}

# The names of all that the database holds, on one line.
schema_names() {
    plain "SELECT coalesce(group_concat(name, ' '), '') FROM sqlite_schema"
}

# Checks that migrate_apply() refuses the operation, that migrations_problems has that finding, and
# that the database stays empty.
refuses() { # <message> <hint> [<result code>]
    run --separate-stderr "-${3-20}" mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "$1
hint: $2" ]
    [ "$(schema_names)" = "" ]
    [ "$(mig "SELECT * FROM migrations_problems")" = "error|bad file|1|$up|$1|$2" ]
}

# The same of an up file with this text, `\n` and the like understood.
refuses_text() { # <text> <line> <column> <why> <quoted line> <hint>
    printf '%b' "$1" >"$folder/$up"
    refuses "$up:$2:$3: $4
$(printf '%5d' "$2") | $5" "$6"
}

# The same of a statement that cannot stand where it does: in the second line, indented.
refuses_statement() { # <statement> <column> <why> <hint>
    refuses_text "CREATE TABLE a (x);\n  $1;\n" 2 "$2" "$3" "  $1;" "$4"
}

alone='put "-- migrate: no-transaction" on the first line'
ours="the engine opens and ends the transaction; remove it, or $alone"
within="cannot run in the transaction of the operation"

@test "bad file: a NUL byte is refused at its place" {
    refuses_text 'CREATE TABLE a (x);\nINSERT INTO a\0000 VALUES (1);\n' 2 14 \
        "the text has a NUL byte, where SQLite would stop reading" 'INSERT INTO a\x00 VALUES (1);' \
        "remove it; a NUL inside a value is written as x'00' or char(0)"
}

@test "bad file: UTF-16 with a byte order mark is refused" {
    refuses_text '\xff\xfeC\0000R\0000' 1 1 "the text is UTF-16" '\xff\xfeC\x00R\x00' \
        "save the file as UTF-8"
}

@test "bad file: UTF-16 without a byte order mark is refused" {
    refuses_text '\0000C\0000R\0000E' 1 1 "the text is UTF-16" '\x00C\x00R\x00E' \
        "save the file as UTF-8"
}

@test "bad file: a byte order mark of UTF-8 is no defect" {
    printf '\xef\xbb\xbfCREATE TABLE a (x);\n' >"$folder/$up"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
    [ "$(objects)" = a ]
}

@test "bad file: line ends CRLF are no defect" {
    printf '%s\r\n' '-- one' 'CREATE TABLE a (x);' 'INSERT INTO a VALUES (1);' >"$folder/$up"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
    [ "$(plain "SELECT x FROM a")" = 1 ]
}

@test "bad file: a carriage return that ends no line is refused" {
    refuses_text 'CREATE TABLE a (x);\r-- b\rINSERT INTO a VALUES (1);\n' 1 20 \
        "a carriage return without a line feed ends no line" \
        'CREATE TABLE a (x);\x0d-- b\x0dINSERT INTO a VALUES (1);' \
        "save the file with line ends LF or CRLF"
}

@test "bad file: a comment without an end is refused" {
    refuses_text 'CREATE TABLE a (x);\n/* the rest\nINSERT INTO a VALUES (1);\n' 2 1 \
        "the comment has no end" "/* the rest" 'close it with "*/"'
}

@test "bad file: a string without an end is refused" {
    refuses_text "CREATE TABLE a (x);\nINSERT INTO a VALUES ('Ann);\n" 2 23 \
        "the quote has no end" "INSERT INTO a VALUES ('Ann);" \
        "close it; inside a quote, the quote itself is written twice"
}

@test "bad file: a trigger without an end is refused" {
    refuses_text 'CREATE TABLE a (x);\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM a;\n' \
        2 1 "the text ends inside a trigger" "CREATE TRIGGER t AFTER INSERT ON a BEGIN" \
        'end each statement of its body, and its END, with ";"'
}

@test "bad file: a last statement without a semicolon is refused" {
    refuses_text 'CREATE TABLE a (x);\nDELETE FROM a' 2 1 "the last statement has no semicolon" \
        "DELETE FROM a" 'end it with ";" if the file is complete; it may have been cut off'
}

@test "bad file: an empty file is refused" {
    : >"$folder/$up"
    refuses "$up:1:1: the text has no statement
    1 | " "write one, or delete the file"
}

@test "bad file: a file of comments and semicolons is refused" {
    refuses_text '-- nothing\n;/* yet */;\n' 1 1 "the text has no statement" "-- nothing" \
        "write one, or delete the file"
}

@test "bad file: BEGIN is refused" {
    refuses_statement BEGIN 3 "\"BEGIN\" $within" "$ours"
}

@test "bad file: COMMIT is refused" {
    refuses_statement COMMIT 3 "\"COMMIT\" $within" "$ours"
}

@test "bad file: END is refused" {
    refuses_statement END 3 "\"END\" $within" "$ours"
}

@test "bad file: ROLLBACK is refused" {
    refuses_statement ROLLBACK 3 "\"ROLLBACK\" $within" "$ours"
}

@test "bad file: SAVEPOINT is refused" {
    refuses_statement "SAVEPOINT x" 3 "\"SAVEPOINT\" $within" "$ours"
}

@test "bad file: RELEASE is refused" {
    refuses_statement "RELEASE x" 3 "\"RELEASE\" $within" "$ours"
}

@test "bad file: a transaction word is refused in any case of letters" {
    refuses_statement "begin Immediate" 3 "\"begin\" $within" "$ours"
}

@test "bad file: ATTACH is refused" {
    refuses_statement "ATTACH 'other.db' AS other" 3 "\"ATTACH\" $within" "$alone"
    [ ! -e other.db ]
}

@test "bad file: DETACH is refused" {
    refuses_statement "DETACH other" 3 "\"DETACH\" $within" "$alone"
}

@test "bad file: VACUUM is refused" {
    refuses_statement VACUUM 3 "\"VACUUM\" $within" "$alone"
}

@test "bad file: a pragma that does nothing in a transaction is refused" {
    refuses_statement "PRAGMA journal_mode = WAL" 10 \
        'the pragma "journal_mode" does nothing in the transaction of the operation' "$alone"
    [ "$(plain "PRAGMA journal_mode")" = delete ]
}

@test "bad file: EXPLAIN is refused" {
    refuses_statement "EXPLAIN DELETE FROM a" 3 '"EXPLAIN" would change nothing' \
        "remove the word if the statement is meant to run, or the whole of it"
}

@test "bad file: a numbered parameter is refused" {
    refuses_statement "INSERT INTO a VALUES (?1)" 25 \
        '"?1" is a parameter, which nothing gives a value' \
        "write the value itself; quote it if it is text"
}

@test "bad file: a named parameter is refused" {
    refuses_statement "DELETE FROM a WHERE x = :lo" 27 \
        '":lo" is a parameter, which nothing gives a value' \
        "write the value itself; quote it if it is text"
}

@test "bad file: a command of the sqlite3 shell is refused" {
    refuses_text 'CREATE TABLE a (x);\n.read more.sql\n' 2 1 '".read" is not SQL' ".read more.sql" \
        ".read and the like belong to the sqlite3 shell; write SQL"
}

@test "bad file: GO is refused" {
    refuses_text 'CREATE TABLE a (x);\nGO\nCREATE TABLE b (x);\n' 2 1 '"GO" is not SQL' GO \
        'it belongs to the clients of SQL Server; end each statement with ";" and remove it'
}

@test "bad file: DELIMITER is refused" {
    refuses_text 'DELIMITER //\nCREATE TABLE a (x);\n' 1 1 '"DELIMITER" is not SQL' "DELIMITER //" \
        "it belongs to the mysql client; SQLite finds the end of a trigger by itself, remove it"
}

@test "bad file: an unknown directive is refused" {
    refuses_text '-- migrate: no-transactions\nCREATE TABLE a (x);\n' 1 4 \
        '"migrate: no-transactions" is not a directive' "-- migrate: no-transactions" \
        'write "-- migrate: no-transaction" or "-- migrate: allow RULE"; without its colon it is an ordinary comment'
}

@test "bad file: an unknown rule is refused" {
    refuses_text '-- migrate: allow anything\nCREATE TABLE a (x);\n' 1 19 \
        '"anything" is not a rule that a file can allow' "-- migrate: allow anything" \
        'docs/lint.md lists the rules'
}

@test "bad file: a directive behind the first statement is refused" {
    refuses_text 'CREATE TABLE a (x);\n-- migrate: no-transaction\nVACUUM;\n' 2 4 \
        'the directive "migrate: no-transaction" stands behind the first statement' \
        "-- migrate: no-transaction" "move it to the first line"
}

foreign="move the down part into the _down.sql file and remove the marker"

@test "bad file: a file of dbmate is refused" {
    refuses_text '-- migrate:up\nCREATE TABLE a (x);\n\n-- migrate:down\nDROP TABLE a;\n' 1 4 \
        '"migrate:up" is a directive of another migration tool' "-- migrate:up" "$foreign"
}

@test "bad file: a file of goose is refused" {
    refuses_text '-- +goose Up\nCREATE TABLE a (x);\n\n-- +goose Down\nDROP TABLE a;\n' 1 4 \
        '"+goose Up" is a directive of another migration tool' "-- +goose Up" "$foreign"
}

@test "bad file: a defect of the down file is refused before the up file runs" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);' 'DROP TABLE a'
    refuses "$down:1:1: the last statement has no semicolon
    1 | DROP TABLE a" 'end it with ";" if the file is complete; it may have been cut off'
}

@test "bad file: a defect of the last pending file is refused before the first runs" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    operation 0002 TASK-1 second 'CREATE TABLE b (x)'
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$(error_text)" = '2025-01-10/0002-TASK-1-second_up.sql:1:1: the last statement has no semicolon
    1 | CREATE TABLE b (x)
hint: end it with ";" if the file is complete; it may have been cut off' ]
    [ "$(schema_names)" = "" ]
}

@test "bad file: a syntax error names the line and column of the seventeenth statement" {
    {
        printf 'CREATE TABLE t%d (x);\n' {1..16}
        printf '\n-- the last\n  CREATE TABULAR t17 (x);\n'
    } >"$folder/$up"
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "cannot apply operation 1: $up:19:10: near \"TABULAR\": syntax error
   19 |   CREATE TABULAR t17 (x);
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(objects)" = "" ]
    [ "$(completed)" = "" ]
    [ "$(mig "SELECT outcome, statement FROM migrations_history")" = "failed|17" ]
}

@test "bad file: a long line is quoted around the place" {
    printf "CREATE TABLE a (x);\nINSERT INTO a VALUES ('%s'), ('%s', 2);\n" \
        "$(printf 'e%.0s' {1..200})" "$(printf 'f%.0s' {1..200})" >"$folder/$up"
    run --separate-stderr -1 mig "SELECT migrate_apply()"
    quoted=$(sed -n 2p <<<"$(error_text)")
    [ "${#quoted}" -le 140 ]
    [ "$(objects)" = "" ]
}

@test "bad file: a file of more than 64 MiB is refused" {
    dd if=/dev/null of="$folder/$up" bs=1 seek=67108865 2>/dev/null
    refuses "$up is longer than 67108864 bytes" "split it into several operations"
}

@test "bad file: a file of 64 MiB is no defect" {
    {
        printf 'CREATE TABLE a (x);'
        head -c $((67108864 - 19)) /dev/zero | tr '\0' ' '
    } >"$folder/$up"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
    [ "$(plain "SELECT length(code) FROM migration")" = 67108864 ]
}

@test "bad file: a symbolic link to a file of the folder is refused" {
    printf 'CREATE TABLE a (x);\n' >"$day/.text"
    ln -s .text "$folder/$up"
    refuses "$up is a symbolic link" "put the file itself into the folder"
}

@test "bad file: a symbolic link out of the folder is refused" {
    printf 'CREATE TABLE a (x);\n' >outside.sql
    ln -s ../../outside.sql "$folder/$up"
    refuses "$up is a symbolic link" "put the file itself into the folder"
}

@test "bad file: a symbolic link in place of the down file is refused" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    ln -s nowhere "$folder/$down"
    refuses "$down is a symbolic link" "put the file itself into the folder"
}

@test "bad file: a FIFO is refused and not waited for" {
    mkfifo "$folder/$up"
    refuses "$up is not a regular file" "put a regular file there"
}

@test "bad file: a directory that is called like an operation is refused" {
    mkdir "$folder/$up"
    refuses "$up is not a regular file" "put a regular file there"
}

@test "bad file: a file that cannot be read is refused" {
    operation 0001 TASK-1 first 'CREATE TABLE a (x);'
    chmod 0 "$folder/$up"
    # The permissions of files bind root only without these capabilities.
    local bound=(env)
    if [ "$(id -u)" = 0 ]; then
        bound=(setpriv "--bounding-set=-dac_override,-dac_read_search"
            "--inh-caps=-dac_override,-dac_read_search" --)
    fi
    run --separate-stderr -3 "${bound[@]}" sqlite3 -batch \
        -bail -init /dev/null "$db" -cmd ".load $extension" "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "cannot read $up: Permission denied
hint: check the owner and the mode of the file" ]
    [ "$(schema_names)" = "" ]
}

@test "bad file: a program that is not executable is refused" {
    printf '#!/bin/sh\n' >"$day/0001-TASK-1-first.sh"
    up=2025-01-10/0001-TASK-1-first.sh
    refuses "$up is not executable" "chmod +x migrations/$up" 3
}

@test "bad file: a hard link of the database is refused" {
    plain "CREATE TABLE kept (x)"
    ln "$db" "$folder/$up"
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "$up is the database itself
hint: keep the database outside the migration folder" ]
    [ "$(schema_names)" = kept ]
}

# Closing any descriptor of the database's file would drop the locks of the whole process.
@test "bad file: a hard link of the database is never opened" {
    plain "CREATE TABLE kept (x)"
    ln "$db" "$folder/$up"
    run sqlite3 -batch -init /dev/null "$db" \
        -cmd ".load $extension" <<SQL
BEGIN IMMEDIATE;
SELECT message FROM migrations_problems;
.shell sqlite3 $db 'BEGIN IMMEDIATE' 2>/dev/null || echo locked
SQL
    [ "$status" = 0 ]
    [ "$output" = "$up is the database itself
locked" ]
}

@test "bad file: a file that vanishes during the run stops it" {
    operation 0002 TASK-1 second 'CREATE TABLE b (x);'
    program 0001 TASK-1 first sh <<'PROGRAM'
#!/bin/sh
rm migrations/2025-01-10/0002-TASK-1-second_up.sql
echo 'CREATE TABLE a (x);'
PROGRAM
    export MIGRATE_SCRIPTS=on
    run --separate-stderr -12 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "cannot apply operation 2: cannot read 2025-01-10/0002-TASK-1-second_up.sql: No such file or directory
hint: check the name and the working directory" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = a ]
    [ "$(mig "SELECT version, outcome FROM migrations_history")" = "1|completed
2|failed" ]
}

@test "bad file: a file that changes during the run stops it" {
    operation 0002 TASK-1 second 'CREATE TABLE b (x);'
    program 0001 TASK-1 first sh <<'PROGRAM'
#!/bin/sh
echo 'CREATE TABLE c (x);' >>migrations/2025-01-10/0002-TASK-1-second_up.sql
echo 'CREATE TABLE a (x);'
PROGRAM
    export MIGRATE_SCRIPTS=on
    run --separate-stderr -20 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "cannot apply operation 2: 2025-01-10/0002-TASK-1-second_up.sql was changed while this run was going on
hint: run again" ]
    [ "$(completed)" = 1 ]
    [ "$(objects)" = a ]
    [ "$(mig "SELECT migrate_apply()")" = 2 ]
    [ "$(objects)" = "a b c" ]
}
