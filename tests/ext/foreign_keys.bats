#!/usr/bin/env bats
# Foreign keys: what a migration keeps of the rows that reference a table that it rebuilds, which rows
# without a parent it refuses, and that the enforcement of the connection is as it was.

load ../helpers/migrate

setup() {
    use_scratch
}

repair_hint="hint: repair the rows in the same operation; PRAGMA foreign_key_check(\"pens\") lists them"

# Teams 1 to 3 and pens, of which 10 and 11 belong to team 1, 12 to team 2, and 13 to nobody.
teams_and_pens() { # [<what follows REFERENCES teams>]
    plain "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE pens (id INTEGER PRIMARY KEY, team INTEGER DEFAULT 3 REFERENCES teams ${1-});
        CREATE INDEX pens_team ON pens (team);
        INSERT INTO teams VALUES (1, 'red'), (2, 'blue'), (3, 'spare');
        INSERT INTO pens VALUES (10, 1), (11, 1), (12, 2), (13, NULL);"
}

# The only operation of the folder.
only() { # <up> [<down>]
    rm -rf "$folder"
    operation 0001 TASK-1 change "$@"
}

# Applies with enforcement ON or OFF, after further statements.
apply() { # <enforcement> [<sql>...]
    local enforcement=$1
    shift
    mig "PRAGMA foreign_keys = $enforcement" "$@" "SELECT migrate_apply()"
}

# The four steps of a rebuild in the order that SQLite's manual gives, and in the wrong one.
rebuild_right='CREATE TABLE new_teams (id INTEGER PRIMARY KEY, name TEXT, size INTEGER);
INSERT INTO new_teams (id, name) SELECT id, name FROM teams;
DROP TABLE teams;
ALTER TABLE new_teams RENAME TO teams;'
rebuild_wrong='ALTER TABLE teams RENAME TO old_teams;
CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT, size INTEGER);
INSERT INTO teams (id, name) SELECT id, name FROM old_teams;
DROP TABLE old_teams;'

# Everything that a migration could have changed.
contents() {
    plain '.dump teams pens' 'PRAGMA foreign_key_check' \
        "SELECT name FROM sqlite_schema WHERE tbl_name NOT LIKE 'migration%' ORDER BY name"
}

# Rebuilds teams; prints "kept", or "refused: " and the message if nothing was changed, or else what
# is wrong.
try_rebuild() { # <enforcement> <up>
    local before pens result=kept
    rm -f "$db"
    teams_and_pens "$action"
    only "$2"
    before=$(contents) pens=$(plain '.dump pens')
    if ! apply "$1" >/dev/null 2>failure; then
        stderr=$(<failure)
        result="refused: $(error_text)"
        [ "$(contents)" = "$before" ] || result="changed although $result"
    elif [ "$(plain "SELECT \"table\" FROM pragma_foreign_key_list('pens')")" != teams ]; then
        result="pens reference something else"
    elif [ "$(plain '.dump pens')" != "$pens" ]; then
        result="other pens: $(plain 'SELECT group_concat(quote(team)) FROM pens')"
    elif [ "$(plain 'PRAGMA foreign_key_check')" != "" ]; then
        result="orphans left"
    elif [ "$(plain 'SELECT count(*), count(size) FROM teams')" != "3|0" ]; then
        result="the rebuild was not carried out"
    fi
    printf '%s\n' "$result"
}

# Rebuilds teams in all ways, one after another, each in a new database.
try_rebuilds() { # <action>
    local action=$1 enforcement order pragmas up
    for enforcement in ON OFF; do
        for order in right wrong; do
            for pragmas in without with; do
                up=rebuild_$order
                up=${!up}
                [ "$pragmas" = without ] || up="PRAGMA foreign_keys = OFF;
$up
PRAGMA foreign_keys = ON;"
                printf 'enforcement %s, %s order, %s pragmas: ' "$enforcement" "$order" "$pragmas"
                try_rebuild "$enforcement" "$up"
            done
        done
    done
}

dangling="cannot apply operation 1: table pens references table old_teams, which is not there any more
hint: make the new table under another name, drop the old one, then rename the new one"

# What is to become of the rebuilds, whatever the action.
rebuilds="enforcement ON, right order, without pragmas: kept
enforcement ON, right order, with pragmas: kept
enforcement ON, wrong order, without pragmas: refused: $dangling
enforcement ON, wrong order, with pragmas: refused: $dangling
enforcement OFF, right order, without pragmas: kept
enforcement OFF, right order, with pragmas: kept
enforcement OFF, wrong order, without pragmas: refused: $dangling
enforcement OFF, wrong order, with pragmas: refused: $dangling"

@test "foreign keys: a rebuild of the parent keeps children with CASCADE or is refused" {
    try_rebuilds 'ON DELETE CASCADE ON UPDATE CASCADE' | diff <(printf '%s\n' "$rebuilds") -
}

@test "foreign keys: a rebuild of the parent keeps children with SET NULL or is refused" {
    try_rebuilds 'ON DELETE SET NULL ON UPDATE SET NULL' | diff <(printf '%s\n' "$rebuilds") -
}

@test "foreign keys: a rebuild of the parent keeps children with SET DEFAULT or is refused" {
    try_rebuilds 'ON DELETE SET DEFAULT ON UPDATE SET DEFAULT' | diff <(printf '%s\n' "$rebuilds") -
}

@test "foreign keys: a rebuild of the parent keeps children with RESTRICT or is refused" {
    try_rebuilds 'ON DELETE RESTRICT ON UPDATE RESTRICT' | diff <(printf '%s\n' "$rebuilds") -
}

@test "foreign keys: a rebuild of the parent keeps children with NO ACTION or is refused" {
    try_rebuilds 'ON DELETE NO ACTION ON UPDATE NO ACTION' | diff <(printf '%s\n' "$rebuilds") -
}

@test "foreign keys: a rebuild of the parent keeps children whose constraint is deferred or is refused" {
    try_rebuilds 'ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED' | diff <(printf '%s\n' "$rebuilds") -
}

@test "foreign keys: a rebuild in the wrong order is refused where no child has a parent yet, too" {
    local before enforcement
    teams_and_pens
    plain 'UPDATE pens SET team = NULL'
    only "$rebuild_wrong"
    before=$(contents)
    for enforcement in ON OFF; do
        run --separate-stderr -1 apply "$enforcement"
        [ "$(error_text)" = "$dangling" ]
        [ "$(contents)" = "$before" ]
    done
}

@test "foreign keys: a rebuild in the wrong order is refused where the child is renamed, too" {
    local before
    teams_and_pens
    plain 'UPDATE pens SET team = NULL'
    only "ALTER TABLE pens RENAME TO quills;
$rebuild_wrong"
    before=$(contents)
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "${dangling/table pens/table quills}" ]
    [ "$(contents)" = "$before" ]
}

@test "foreign keys: a column that references a table which is not there is refused" {
    local before enforcement
    teams_and_pens
    before=$(contents)
    only 'ALTER TABLE pens ADD COLUMN owner INTEGER REFERENCES owners;'
    for enforcement in ON OFF; do
        run --separate-stderr -1 apply "$enforcement"
        [ "$(error_text)" = "cannot apply operation 1: table pens references table owners, which is not there
hint: create it first" ]
        [ "$(contents)" = "$before" ]
    done
}

@test "foreign keys: a new table may reference one that is still to come" {
    local enforcement
    for enforcement in ON OFF; do
        rm -f "$db"
        teams_and_pens
        only 'CREATE TABLE hens (id INTEGER PRIMARY KEY, egg INTEGER REFERENCES eggs);
DROP TABLE IF EXISTS eggs;
INSERT INTO teams (id) VALUES (4);'
        operation 0002 TASK-1 create-eggs 'CREATE TABLE eggs (id INTEGER PRIMARY KEY, hen INTEGER REFERENCES hens);
INSERT INTO hens VALUES (1, NULL);'
        [ "$(apply "$enforcement")" = 2 ]
        [ "$(objects)" = "eggs hens pens pens_team teams" ]
    done
}

@test "foreign keys: a rebuild in the wrong order keeps the children where legacy_alter_table leaves them alone" {
    local enforcement pens
    for enforcement in ON OFF; do
        rm -f "$db"
        teams_and_pens 'ON DELETE CASCADE'
        pens=$(plain '.dump pens')
        only "PRAGMA foreign_keys = OFF;
PRAGMA legacy_alter_table = ON;
$rebuild_wrong"
        [ "$(apply "$enforcement")" = 1 ]
        [ "$(plain '.dump pens' 'PRAGMA foreign_key_check')" = "$pens" ]
    done
}

@test "foreign keys: DROP TABLE in any spelling keeps the children" {
    local drop pens
    for drop in 'drop table teams;' 'DROP TABLE IF EXISTS main."teams";' \
        '/* old */ DROP -- one
TABLE [teams];'; do
        rm -f "$db"
        teams_and_pens 'ON DELETE CASCADE'
        pens=$(plain '.dump pens')
        only "${rebuild_right/DROP TABLE teams;/$drop}"
        [ "$(apply ON)" = 1 ]
        [ "$(plain '.dump pens' 'PRAGMA foreign_key_check')" = "$pens" ]
    done
}

@test "foreign keys: DROP TABLE of a parent with children is refused and keeps them" {
    local before enforcement
    teams_and_pens 'ON DELETE CASCADE'
    only 'DROP TABLE teams;'
    before=$(contents)
    for enforcement in ON OFF; do
        run --separate-stderr -1 apply "$enforcement"
        [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 3 rows of table pens have no parent in table teams (the first has rowid 10)
$repair_hint" ]
        [ "$(contents)" = "$before" ]
    done
}

@test "foreign keys: DELETE cascades where the connection enforces" {
    teams_and_pens 'ON DELETE CASCADE'
    only 'DELETE FROM teams WHERE id = 1;'
    [ "$(apply ON)" = 1 ]
    [ "$(plain 'SELECT id FROM pens')" = "12
13" ]
}

@test "foreign keys: DELETE does not cascade where the connection does not enforce" {
    teams_and_pens 'ON DELETE CASCADE'
    only 'DELETE FROM teams WHERE id = 1;'
    [ "$(apply OFF "SELECT migrate_config('foreign_key_check', 'off')")" = "off
1" ]
    [ "$(plain 'SELECT id FROM pens')" = "10
11
12
13" ]
}

@test "foreign keys: DELETE cascades before and after a DROP TABLE of the same file" {
    teams_and_pens 'ON DELETE CASCADE'
    only "DELETE FROM teams WHERE id = 1;
${rebuild_right}
DELETE FROM teams WHERE id = 2;"
    [ "$(apply ON)" = 1 ]
    [ "$(plain 'SELECT id FROM pens')" = 13 ]
}

@test "foreign keys: UPDATE of a parent key cascades where the connection enforces" {
    teams_and_pens 'ON UPDATE CASCADE'
    only 'UPDATE teams SET id = id + 100;'
    [ "$(apply ON)" = 1 ]
    [ "$(plain 'SELECT group_concat(quote(team)) FROM pens')" = "101,101,102,NULL" ]
}

@test "foreign keys: a statement that violates a constraint fails where the connection enforces" {
    local before
    teams_and_pens
    before=$(contents)
    only 'INSERT INTO pens VALUES (20, 1);
DELETE FROM teams WHERE id = 1;'
    run --separate-stderr -19 apply ON
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-change_up.sql:2:1: FOREIGN KEY constraint failed
    2 | DELETE FROM teams WHERE id = 1;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(contents)" = "$before" ]
}

@test "foreign keys: PRAGMA foreign_keys in a file is honoured from there on, in any spelling" {
    local off on
    for off in 'PRAGMA foreign_keys = OFF' 'pragma Foreign_Keys(0)' "PRAGMA main.foreign_keys = 'no'" \
        'PRAGMA/**/"foreign_keys" = false'; do
        rm -f "$db"
        teams_and_pens 'ON DELETE CASCADE'
        only "$off;
DELETE FROM teams;
INSERT INTO teams VALUES (1, 'red'), (2, 'blue');"
        [ "$(apply ON)" = 1 ]
        [ "$(plain 'SELECT count(*) FROM pens')" = 4 ]
    done
    for on in 'PRAGMA foreign_keys = ON' 'pragma Foreign_Keys(1)' "PRAGMA main.foreign_keys = 'yes'" \
        'PRAGMA/**/"foreign_keys" = true'; do
        rm -f "$db"
        teams_and_pens 'ON DELETE CASCADE'
        only "$on;
DELETE FROM teams;"
        [ "$(apply OFF)" = 1 ]
        [ "$(plain 'SELECT count(*) FROM pens')" = 1 ]
    done
}

@test "foreign keys: PRAGMA foreign_keys in a file takes numbers as SQLite does" {
    local value enforced
    for value in 0 1 2 -1 +1 0x1 0x100 256 257 1.5 0.5 2147483647 2147483648 4294967297 '"1"' full x; do
        rm -f "$db"
        enforced=$(plain "PRAGMA foreign_keys = $value" 'PRAGMA foreign_keys')
        teams_and_pens
        only "PRAGMA foreign_keys = $value;
SELECT migrate_assert((SELECT foreign_keys FROM pragma_foreign_keys) = $enforced, '$value');"
        [ "$(apply ON)" = 1 ]
        rm -f "$db"
        [ "$(apply OFF)" = 1 ]
    done
}

# What the connection says about its enforcement after the given statements, of which some fail.
enforcement_after() { # <enforcement> <sql>...
    {
        printf '%s;\n' "PRAGMA foreign_keys = $1" "${@:2}"
        printf '%s\n' .output 'PRAGMA foreign_keys;'
    } >input
    sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" -cmd '.output /dev/null' \
        <input 2>failure || true
}

# Both settings before a run, with what they are after it: "ON 1 OFF 0" when nothing leaked.
enforcements_after() { # <sql>...
    local enforcement
    for enforcement in ON OFF; do
        rm -f "$db"
        teams_and_pens 'ON DELETE CASCADE'
        printf '%s %s ' "$enforcement" "$(enforcement_after "$enforcement" "$@")"
    done
}

@test "foreign keys: enforcement is as before after a run" {
    local off_on='PRAGMA foreign_keys = OFF; PRAGMA foreign_keys = ON;'
    only "$rebuild_right"
    [ "$(enforcements_after 'SELECT migrate_apply()')" = "ON 1 OFF 0 " ]
    only "$rebuild_right PRAGMA foreign_keys = OFF;"
    [ "$(enforcements_after 'SELECT migrate_apply()')" = "ON 1 OFF 0 " ]
    only "$off_on $rebuild_right"
    [ "$(enforcements_after 'SELECT migrate_apply()')" = "ON 1 OFF 0 " ]
    [ "$(completed)" = 1 ]
}

@test "foreign keys: enforcement is as before after a failure" {
    local up
    for up in 'PRAGMA foreign_keys = OFF; INSERT INTO nosuch VALUES (1);' \
        'PRAGMA foreign_keys = ON; INSERT INTO nosuch VALUES (1);' \
        'PRAGMA foreign_keys = OFF; INSERT INTO pens VALUES (20, 9);' \
        'DROP TABLE nosuch;' 'DROP TABLE teams;' "$rebuild_wrong"; do
        only "$up"
        [ "$(enforcements_after 'SELECT migrate_apply()')" = "ON 1 OFF 0 " ]
        [ "$(completed)" = "" ]
        [ "$(plain 'SELECT outcome FROM migration_log')" = failed ]
    done
}

@test "foreign keys: enforcement is as before after a failure in a group that is run again one by one" {
    only "$rebuild_right"
    operation 0002 TASK-1 switch 'PRAGMA foreign_keys = ON; PRAGMA foreign_keys = OFF;
CREATE TABLE caps (id INTEGER PRIMARY KEY);'
    operation 0003 TASK-1 fail 'PRAGMA foreign_keys = ON; DROP TABLE caps; SELECT nosuch;'
    [ "$(enforcements_after 'SELECT migrate_apply()')" = "ON 1 OFF 0 " ]
    [ "$(completed)" = "1 2" ]
}

@test "foreign keys: enforcement is as before after a rollback, also one that fails" {
    local down
    for down in 'PRAGMA foreign_keys = OFF; DROP TABLE caps;' 'PRAGMA foreign_keys = ON; DROP TABLE caps;'; do
        only 'CREATE TABLE caps (id);' "$down"
        [ "$(enforcements_after 'SELECT migrate_apply()' 'SELECT migrate_rollback()')" = "ON 1 OFF 0 " ]
        [ "$(completed)" = "" ]
        only 'CREATE TABLE caps (id);' "$down DROP TABLE teams;"
        [ "$(enforcements_after 'SELECT migrate_apply()' 'SELECT migrate_rollback()')" = "ON 1 OFF 0 " ]
        [ "$(completed)" = 1 ]
    done
}

@test "foreign_key_check: changed finds new orphans of each table that a file can hurt" {
    local up before
    teams_and_pens
    plain 'CREATE TABLE bin (id INTEGER); INSERT INTO bin VALUES (2);
        CREATE VIEW names AS SELECT id, name FROM teams;
        CREATE TRIGGER empty AFTER DELETE ON bin BEGIN DELETE FROM teams WHERE id = OLD.id; END;
        CREATE TRIGGER rename INSTEAD OF DELETE ON names BEGIN DELETE FROM bin WHERE id = OLD.id; END'
    before=$(contents)
    while IFS= read -r up; do
        only "$up"
        run --separate-stderr -1 apply OFF
        [ "$up: $(error_text)" = "$up: cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 12)
$repair_hint" ]
        [ "$(contents)" = "$before" ]
    done <<'FILES'
UPDATE pens SET team = 9 WHERE id = 12;
UPDATE Pens SET team = 9 WHERE id = 12;
INSERT OR REPLACE INTO pens VALUES (12, 9);
REPLACE INTO "PENS" VALUES (12, 9);
WITH x AS (SELECT 12 AS id) UPDATE [pens] SET team = 9 WHERE id IN (SELECT id FROM x);
UPDATE 'pens' SET team = 9 WHERE id = 12;
DELETE FROM teams WHERE id = 2;
DELETE FROM main.`Teams` WHERE id = 2;
UPDATE teams SET id = 9 WHERE id = 2;
DELETE FROM bin;
DELETE FROM names WHERE id = 2;
PRAGMA foreign_keys = ON; PRAGMA foreign_keys = OFF; DELETE FROM teams WHERE id = 2;
FILES
}

@test "foreign_key_check: changed finds what a trigger did that is gone when the file ends" {
    local up before
    teams_and_pens
    plain 'CREATE TABLE bin (id INTEGER); INSERT INTO bin VALUES (2);
        CREATE TRIGGER empty AFTER DELETE ON bin BEGIN DELETE FROM teams WHERE id = OLD.id; END'
    before=$(contents)
    while IFS= read -r up; do
        only "$up"
        run --separate-stderr -1 apply OFF
        [ "$up: $(error_text)" = "$up: cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 12)
$repair_hint" ]
        [ "$(contents)" = "$before" ]
    done <<'FILES'
DELETE FROM bin; DROP TRIGGER empty;
DELETE FROM bin; DROP TABLE bin;
CREATE TRIGGER fill AFTER INSERT ON bin BEGIN DELETE FROM teams WHERE id = 2; END; INSERT INTO bin VALUES (3); DROP TRIGGER fill;
FILES
}

@test "foreign_key_check: changed finds orphans where only a part of the file is not enforced" {
    local before
    teams_and_pens 'ON DELETE CASCADE'
    before=$(contents)
    only 'DELETE FROM teams WHERE id = 1;
PRAGMA foreign_keys = OFF;
DELETE FROM teams WHERE id = 2;
PRAGMA foreign_keys = ON;'
    run --separate-stderr -1 apply ON
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 12)
$repair_hint" ]
    [ "$(contents)" = "$before" ]
}

@test "foreign_key_check: changed finds a column that is added with a default without parent" {
    local before
    teams_and_pens
    before=$(contents)
    only 'ALTER TABLE pens ADD COLUMN owner INTEGER DEFAULT 9 REFERENCES teams;'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 4 rows of table pens have no parent in table teams (the first has rowid 10)
$repair_hint" ]
    [ "$(contents)" = "$before" ]
}

@test "foreign_key_check: orphans that a file repairs before its end are no violation" {
    teams_and_pens
    only 'DELETE FROM teams WHERE id = 1;
UPDATE pens SET team = 3 WHERE team = 1;'
    [ "$(apply OFF)" = 1 ]
    [ "$(plain 'SELECT group_concat(quote(team)) FROM pens')" = "3,3,2,NULL" ]
}

@test "foreign_key_check: names the first of several tables and counts its rows" {
    teams_and_pens
    plain 'CREATE TABLE caps (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams)' \
        'INSERT INTO caps VALUES (7, 1), (8, 1), (9, 2)'
    only 'DELETE FROM teams WHERE id = 1;'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 2 rows of table caps have no parent in table teams (the first has rowid 7)
hint: repair the rows in the same operation; PRAGMA foreign_key_check(\"caps\") lists them" ]
    [ "$(plain 'SELECT count(*) FROM teams')" = 3 ]
}

# Pen 14, and in another table cap 1, have had no parent since before the migrations.
old_orphans() {
    teams_and_pens
    plain 'INSERT INTO pens VALUES (14, 77)' \
        'CREATE TABLE caps (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams)' \
        'INSERT INTO caps VALUES (1, 88)'
}

@test "foreign_key_check: orphans that were there before are left alone, with changed and with all" {
    local up level
    while IFS= read -r up; do
        for level in changed all; do
            rm -f "$db"
            old_orphans
            only "$up"
            [ "$up: $(apply OFF "SELECT migrate_config('foreign_key_check', '$level')")" = "$up: $level
1" ]
            [ "$(plain 'SELECT team FROM pens WHERE id = 14')" = 77 ]
            [ "$(plain 'PRAGMA foreign_key_check')" = "caps|1|teams|0
pens|14|teams|0" ]
        done
    done <<FILES
UPDATE pens SET team = 2;UPDATE pens SET team = 77 WHERE id = 14;
DELETE FROM teams WHERE id = 3;
INSERT INTO caps VALUES (2, 1);
${rebuild_right//$'\n'/ }
FILES
}

@test "foreign_key_check: orphans that were there before are left alone where the file makes a trigger on their table" {
    old_orphans
    only 'CREATE TABLE bin (id INTEGER);
CREATE TRIGGER empty AFTER INSERT ON bin BEGIN
    UPDATE pens SET team = 1 WHERE id = NEW.id;
END;
INSERT INTO bin VALUES (12);'
    [ "$(apply OFF)" = 1 ]
    [ "$(plain 'SELECT group_concat(quote(team)) FROM pens')" = "1,1,1,NULL,77" ]
}

@test "foreign_key_check: orphans that were there before do not hide new ones" {
    local before
    old_orphans
    before=$(contents)
    only 'UPDATE pens SET team = 9 WHERE id = 12;'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 12)
$repair_hint" ]
    [ "$(contents)" = "$before" ]
}

@test "foreign_key_check: orphans that were there before may move to a table that is renamed" {
    old_orphans
    only 'ALTER TABLE pens RENAME TO quills;'
    operation 0002 TASK-1 rename-teams 'ALTER TABLE teams RENAME TO crews;'
    [ "$(apply OFF)" = 2 ]
    [ "$(plain 'PRAGMA foreign_key_check')" = "caps|1|crews|0
quills|14|crews|0" ]
}

@test "foreign_key_check: orphans that were there before may be numbered anew by a rebuild of the child" {
    plain 'CREATE TABLE teams (id INTEGER PRIMARY KEY)' \
        'CREATE TABLE pens (code TEXT PRIMARY KEY, team INTEGER REFERENCES teams)' \
        "INSERT INTO pens VALUES ('a', NULL), ('b', 9)" "DELETE FROM pens WHERE code = 'a'"
    only "CREATE TABLE new_pens (code TEXT PRIMARY KEY, team INTEGER REFERENCES teams, ink TEXT);
INSERT INTO new_pens SELECT code, team, 'blue' FROM pens;
DROP TABLE pens;
ALTER TABLE new_pens RENAME TO pens;"
    [ "$(apply OFF)" = 1 ]
    [ "$(plain 'SELECT rowid, code, team, ink FROM pens')" = "1|b|9|blue" ]
}

@test "foreign_key_check: orphans that were there before may get a column of another name" {
    old_orphans
    only "ALTER TABLE pens RENAME COLUMN team TO crew;
INSERT INTO pens VALUES (15, 1);"
    operation 0002 TASK-1 add-orphan 'INSERT INTO pens VALUES (16, 78);'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 2: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 16)
$repair_hint" ]
    [ "$(completed)" = 1 ]
}

@test "foreign_key_check: all searches the tables that a file does not name" {
    local before
    teams_and_pens
    plain 'CREATE TABLE bin (id INTEGER); INSERT INTO bin VALUES (2);
        CREATE TRIGGER empty AFTER DELETE ON bin BEGIN DELETE FROM teams WHERE id = OLD.id; END'
    before=$(contents)
    only 'DELETE FROM bin;
DROP TRIGGER empty;'
    run --separate-stderr -1 apply OFF "SELECT migrate_config('foreign_key_check', 'all')"
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 12)
$repair_hint" ]
    [ "$(contents)" = "$before" ]
}

@test "foreign_key_check: off finds nothing" {
    teams_and_pens
    only 'UPDATE pens SET team = 9 WHERE id = 12;'
    operation 0002 TASK-1 drop-teams 'DROP TABLE teams;'
    [ "$(apply OFF "SELECT migrate_config('foreign_key_check', 'off')")" = "off
2" ]
    [ "$(plain 'SELECT group_concat(quote(team)) FROM pens')" = "1,1,9,NULL" ]
}

@test "foreign_key_check: off leaves the enforcement of the connection alone" {
    teams_and_pens
    only 'UPDATE pens SET team = 9 WHERE id = 12;'
    run --separate-stderr -19 apply ON "SELECT migrate_config('foreign_key_check', 'off')"
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-change_up.sql:1:1: FOREIGN KEY constraint failed
    1 | UPDATE pens SET team = 9 WHERE id = 12;
hint: nothing of this operation was kept; mend it and run again" ]
    [ "$(plain 'SELECT team FROM pens WHERE id = 12')" = 2 ]
}

# A child WITHOUT ROWID; pen b is an orphan already.
pens_without_rowid() {
    plain 'CREATE TABLE teams (id INTEGER PRIMARY KEY)' 'INSERT INTO teams VALUES (1), (2)' \
        'CREATE TABLE pens (code TEXT PRIMARY KEY, team INTEGER REFERENCES teams ON DELETE CASCADE) WITHOUT ROWID' \
        "INSERT INTO pens VALUES ('a', 1), ('b', 77)"
}

@test "foreign_key_check: finds new orphans of a child WITHOUT ROWID and leaves old ones alone" {
    pens_without_rowid
    only "INSERT INTO pens VALUES ('c', 2);"
    operation 0002 TASK-1 add-orphans "INSERT INTO pens VALUES ('d', 78), ('e', 79);"
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 2: foreign key violation: 2 rows of table pens have no parent in table teams
$repair_hint" ]
    [ "$(plain 'SELECT * FROM pens')" = "a|1
b|77
c|2" ]
}

@test "foreign_key_check: an orphan WITHOUT ROWID that takes the place of another is new" {
    pens_without_rowid
    only "DELETE FROM pens WHERE code = 'b';
UPDATE pens SET team = 78 WHERE code = 'a';"
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams
$repair_hint" ]
    [ "$(plain 'SELECT * FROM pens')" = "a|1
b|77" ]
}

@test "foreign keys: a rebuild of the parent keeps the rows of a child WITHOUT ROWID" {
    local enforcement
    for enforcement in ON OFF; do
        rm -f "$db"
        pens_without_rowid
        only "${rebuild_right/(id, name) SELECT id, name/(id) SELECT id}"
        [ "$(apply "$enforcement")" = 1 ]
        [ "$(plain 'SELECT * FROM pens')" = "a|1
b|77" ]
    done
}

@test "foreign_key_check: refuses a rebuild that loses the parent key" {
    local before
    teams_and_pens
    before=$(contents)
    only "${rebuild_right/id INTEGER PRIMARY KEY/id INTEGER}"
    for enforcement in ON OFF; do
        run --separate-stderr -1 apply "$enforcement"
        [ "$(error_text)" = 'cannot apply operation 1: the foreign keys of table pens cannot be checked any more: foreign key mismatch - "pens" referencing "teams"
hint: a parent key needs a PRIMARY KEY or UNIQUE index of the same columns' ]
        [ "$(contents)" = "$before" ]
    done
}

@test "foreign_key_check: refuses to drop the index of a parent key" {
    local enforcement level
    plain 'CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT)' 'CREATE UNIQUE INDEX teams_name ON teams (name)' \
        'CREATE TABLE pens (id INTEGER PRIMARY KEY, team TEXT REFERENCES teams (name))'
    only 'DROP INDEX teams_name;'
    for level in changed all; do
        for enforcement in ON OFF; do
            run --separate-stderr -1 apply "$enforcement" "SELECT migrate_config('foreign_key_check', '$level')"
            [ "$level: $(error_text)" = "$level: "'cannot apply operation 1: the foreign keys of table pens cannot be checked any more: foreign key mismatch - "pens" referencing "teams"
hint: a parent key needs a PRIMARY KEY or UNIQUE index of the same columns' ]
            [ "$(objects)" = "pens teams teams_name" ]
        done
    done
}

@test "foreign_key_check: an index that no foreign key needs can be dropped" {
    local enforcement
    for enforcement in ON OFF; do
        rm -f "$db"
        teams_and_pens
        plain 'CREATE UNIQUE INDEX teams_name ON teams (name)' 'INSERT INTO pens VALUES (14, 77)'
        only 'DROP INDEX teams_name;
DROP INDEX pens_team;'
        [ "$(apply "$enforcement")" = 1 ]
        [ "$(objects)" = "pens teams" ]
    done
}

@test "foreign_key_check: the index of a parent key needs the collation of its column" {
    local index refused
    refused='cannot apply operation 1: the foreign keys of table pens cannot be checked any more: foreign key mismatch - "pens" referencing "teams"
hint: a parent key needs a PRIMARY KEY or UNIQUE index of the same columns'
    plain 'CREATE TABLE teams (name TEXT COLLATE nocase)' 'CREATE UNIQUE INDEX teams_name ON teams (name)' \
        'CREATE TABLE pens (id INTEGER PRIMARY KEY, team TEXT REFERENCES teams (name))' \
        "INSERT INTO teams VALUES ('Red')" "INSERT INTO pens VALUES (1, 'RED')"
    for index in 'teams (name COLLATE binary)' 'teams (name, hex(name))' "teams (name) WHERE name <> ''"; do
        only "DROP INDEX teams_name;
CREATE UNIQUE INDEX teams_name ON $index;
INSERT INTO pens VALUES (2, 'red');"
        run --separate-stderr -1 apply OFF
        [ "$index: $(error_text)" = "$index: $refused" ]
        [ "$(plain 'SELECT count(*) FROM pens')" = 1 ]
    done
    only "DROP INDEX teams_name;
CREATE UNIQUE INDEX teams_name ON teams (name);
INSERT INTO pens VALUES (2, 'red');"
    [ "$(apply OFF)" = 1 ]
}

@test "foreign_key_check: compares with the affinity of the parent" {
    plain 'CREATE TABLE teams (code TEXT PRIMARY KEY)' \
        'CREATE TABLE pens (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams)' \
        "INSERT INTO teams VALUES ('1'), ('02')" 'INSERT INTO pens VALUES (1, 1)'
    only 'INSERT INTO pens VALUES (2, 1);'
    operation 0002 TASK-1 add-orphan "INSERT INTO pens VALUES (3, '02');"
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 2: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 3)
$repair_hint" ]
    [ "$(completed)" = 1 ]
}

# Pens reference a column that is no key, caps the key; neither has an orphan.
mismatched_pens() {
    plain 'CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT)' "INSERT INTO teams VALUES (1, 'red')" \
        'CREATE TABLE pens (id INTEGER PRIMARY KEY, team TEXT REFERENCES teams (name), cap INTEGER REFERENCES teams (id))' \
        "INSERT INTO pens VALUES (1, 'red', 1)" \
        'CREATE TABLE caps (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams)' 'INSERT INTO caps VALUES (1, 1)'
}

@test "foreign_key_check: a child that could not be checked before is left alone, others are checked" {
    mismatched_pens
    only "INSERT INTO pens VALUES (2, 'red', 1);"
    operation 0002 TASK-1 add-cap 'INSERT INTO caps VALUES (2, 9);'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 2: foreign key violation: 1 rows of table caps have no parent in table teams (the first has rowid 2)
hint: repair the rows in the same operation; PRAGMA foreign_key_check(\"caps\") lists them" ]
    [ "$(completed)" = 1 ]
}

@test "foreign_key_check: one foreign key that cannot be checked does not hide the orphans of another" {
    mismatched_pens
    only 'UPDATE pens SET cap = 9;'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 1)
$repair_hint" ]
    [ "$(plain 'SELECT cap FROM pens')" = 1 ]
}

@test "foreign_key_check: two foreign keys of one row to one parent are two" {
    plain 'CREATE TABLE teams (id INTEGER PRIMARY KEY)' 'INSERT INTO teams VALUES (1)' \
        'CREATE TABLE pens (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES teams, maker INTEGER REFERENCES teams)' \
        'INSERT INTO pens VALUES (1, 9, 1)'
    only 'UPDATE pens SET owner = 1, maker = 9;'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 1)
$repair_hint" ]
    [ "$(plain 'SELECT owner, maker FROM pens')" = "9|1" ]
}

# The parent in the first operation, the child in the second, and its rows in the third.
three_steps() {
    operation 0001 TASK-1 create-teams 'CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT);
INSERT INTO teams (id) VALUES (1), (2);' 'DROP TABLE teams;'
    operation 0002 TASK-1 create-pens \
        'CREATE TABLE pens (id INTEGER PRIMARY KEY, team INTEGER REFERENCES teams ON DELETE CASCADE);' 'DROP TABLE pens;'
    operation 0003 TASK-1 fill-pens 'INSERT INTO pens VALUES (1, 1), (2, 2);' 'DELETE FROM pens;'
}

@test "foreign keys: a child of the same group commit, or of another, is kept by a rebuild of its parent" {
    local interval
    for interval in 0 60000; do
        rm -rf "$db" "$folder"
        three_steps
        operation 0004 TASK-1 rebuild-teams "$rebuild_right"
        [ "$(apply ON "SELECT migrate_config('commit_interval', $interval)")" = "$interval
4" ]
        [ "$(plain 'SELECT * FROM pens' 'PRAGMA foreign_key_check')" = "1|1
2|2" ]
    done
}

@test "foreign_key_check: blames the operation of a group that leaves an orphan, also if a later one repairs it" {
    local interval enforcement
    for interval in 0 60000; do
        for enforcement in ON OFF; do
            rm -rf "$db" "$folder"
            three_steps
            operation 0004 TASK-2 remove-team 'PRAGMA foreign_keys = OFF;
DELETE FROM teams WHERE id = 2;'
            operation 0005 TASK-2 remove-pens 'DELETE FROM pens WHERE team = 2;'
            run --separate-stderr -1 apply "$enforcement" "SELECT migrate_config('commit_interval', $interval)"
            [ "$(error_text)" = "cannot apply operation 4: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 2)
$repair_hint" ]
            [ "$(completed)" = "1 2 3" ]
            [ "$(plain 'SELECT count(*) FROM teams')" = 2 ]
        done
    done
}

@test "foreign_key_check: an orphan takes the task or run back with which it shares a transaction" {
    local mode
    for mode in task all; do
        rm -rf "$db" "$folder"
        three_steps
        operation 0004 TASK-2 add-pen 'INSERT INTO pens VALUES (3, 1);'
        operation 0005 TASK-2 add-orphan 'INSERT INTO pens VALUES (4, 9);'
        run --separate-stderr -1 apply OFF "SELECT migrate_config('transaction', '$mode')"
        [ "$(error_text)" = "cannot apply operation 5: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 4)
$repair_hint" ]
        if [ "$mode" = task ]; then
            [ "$(completed)" = "1 2 3" ]
            [ "$(plain 'SELECT count(*) FROM pens')" = 2 ]
        else
            [ "$(completed)" = "" ]
            [ "$(objects)" = "" ]
        fi
    done
}

@test "foreign_key_check: what a program prints is checked, too" {
    teams_and_pens 'ON DELETE CASCADE'
    rm -r "$folder"
    program 0001 TASK-1 change sh <<'END'
#!/bin/sh
printf '%s\n' 'PRAGMA foreign_keys = OFF;' 'DELETE FROM teams WHERE id = 2;'
END
    run --separate-stderr -1 apply ON "SELECT migrate_config('scripts', 'on')"
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 12)
$repair_hint" ]
    [ "$(plain 'SELECT count(*) FROM teams, pens')" = 12 ]
}

@test "no-transaction: orphans fail the operation, which is then to be repaired by hand" {
    local enforcement
    for enforcement in ON OFF; do
        rm -f "$db"
        teams_and_pens 'ON DELETE CASCADE'
        only '-- migrate: no-transaction
PRAGMA foreign_keys = OFF;
DELETE FROM teams WHERE id = 2;'
        run --separate-stderr -1 apply "$enforcement"
        [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 12)
hint: it ran outside a transaction and may be half done; look at it, then SELECT migrate_repair(1, 'completed' or 'rollback')" ]
        [ "$(plain 'SELECT status FROM migration')" = failed ]
        [ "$(plain 'SELECT count(*) FROM pens')" = 4 ]
    done
}

@test "no-transaction: a rebuild of the parent keeps the children" {
    local enforcement pens
    for enforcement in ON OFF; do
        rm -f "$db"
        teams_and_pens 'ON DELETE CASCADE'
        pens=$(plain '.dump pens')
        only "-- migrate: no-transaction
$rebuild_right"
        [ "$(apply "$enforcement")" = 1 ]
        [ "$(plain '.dump pens' 'PRAGMA foreign_key_check')" = "$pens" ]
    done
}

@test "rollback: a rebuild of the parent in the down file keeps the children or is refused" {
    local enforcement before
    teams_and_pens 'ON DELETE CASCADE'
    only 'CREATE TABLE caps (id);' "$rebuild_right
DROP TABLE caps;"
    operation 0002 TASK-1 nothing 'SELECT 1;' "$rebuild_wrong"
    for enforcement in ON OFF; do
        apply "$enforcement"
        before=$(contents)
        run --separate-stderr -1 mig "PRAGMA foreign_keys = $enforcement" 'SELECT migrate_rollback()'
        [ "$(error_text)" = "${dangling/apply operation 1/roll back operation 2}" ]
        [ "$(contents)" = "$before" ]
        [ "$(completed)" = "1 2" ]
    done
    plain "UPDATE migration SET rollback_code = 'SELECT 1;' WHERE version = 2"
    before=$(plain '.dump pens')
    [ "$(mig 'PRAGMA foreign_keys = ON' 'SELECT migrate_rollback(2)')" = 0 ]
    [ "$(plain '.dump pens' 'PRAGMA foreign_key_check')" = "$before" ]
}

@test "rollback: DELETE in the down file cascades where the connection enforces" {
    teams_and_pens 'ON DELETE CASCADE'
    only "INSERT INTO teams VALUES (4, 'green');" 'DELETE FROM teams WHERE id = 4;'
    apply ON
    plain 'INSERT INTO pens VALUES (20, 4)'
    [ "$(mig 'PRAGMA foreign_keys = ON' 'SELECT migrate_rollback()')" = 0 ]
    [ "$(plain 'SELECT id FROM pens WHERE team = 4')" = "" ]
}

@test "rollback: refuses new orphans and leaves old ones alone" {
    old_orphans
    only "INSERT INTO teams VALUES (4, 'green');" 'DELETE FROM teams WHERE id = 4;'
    apply OFF
    plain 'INSERT INTO pens VALUES (20, 4)'
    run --separate-stderr -1 mig 'SELECT migrate_rollback()'
    [ "$(error_text)" = "cannot roll back operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 20)
$repair_hint" ]
    [ "$(completed)" = 1 ]
    [ "$(plain 'SELECT count(*) FROM teams WHERE id = 4')" = 1 ]
    plain 'DELETE FROM pens WHERE id = 20'
    [ "$(mig 'SELECT migrate_rollback()')" = 0 ]
}

@test "foreign keys: a deferred constraint may be violated until the operation ends" {
    teams_and_pens 'DEFERRABLE INITIALLY DEFERRED'
    only "INSERT INTO pens VALUES (20, 4);
DELETE FROM teams WHERE id = 2;
INSERT INTO teams VALUES (4, 'green');
UPDATE pens SET team = 4 WHERE team = 2;"
    [ "$(apply ON)" = 1 ]
    [ "$(plain 'SELECT id FROM pens WHERE team = 4')" = "12
20" ]
}

@test "foreign keys: a deferred constraint that is violated when the operation ends fails it" {
    local level before
    teams_and_pens 'DEFERRABLE INITIALLY DEFERRED'
    before=$(contents)
    only 'INSERT INTO pens VALUES (20, 4);'
    operation 0002 TASK-1 repair "INSERT INTO teams VALUES (4, 'green');"
    for level in changed all off; do
        run --separate-stderr -1 apply ON "SELECT migrate_config('foreign_key_check', '$level')"
        [ "$(error_text)" = "cannot apply operation 1: FOREIGN KEY constraint failed: a deferred constraint is violated at the end of the operation
hint: repair the rows in the same operation; PRAGMA foreign_key_check lists them" ]
        [ "$(contents)" = "$before" ]
        [ "$(completed)" = "" ]
    done
}

@test "foreign keys: a deferred constraint is checked where the connection does not enforce" {
    teams_and_pens 'DEFERRABLE INITIALLY DEFERRED'
    only 'INSERT INTO pens VALUES (20, 4);'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table pens have no parent in table teams (the first has rowid 20)
$repair_hint" ]
    [ "$(plain 'SELECT count(*) FROM pens')" = 4 ]
}

@test "foreign keys: a deferred violation is not forgotten when enforcement is switched off and on" {
    local before
    teams_and_pens 'DEFERRABLE INITIALLY DEFERRED'
    before=$(contents)
    only "INSERT INTO pens VALUES (20, 4);
$rebuild_right
PRAGMA foreign_keys = OFF;
PRAGMA foreign_keys = ON;"
    run --separate-stderr -1 apply ON
    [ "$(error_text)" = "cannot apply operation 1: FOREIGN KEY constraint failed: a deferred constraint is violated at the end of the operation
hint: repair the rows in the same operation; PRAGMA foreign_key_check lists them" ]
    [ "$(contents)" = "$before" ]
}

@test "foreign keys: a deferred violation that is mended while foreign keys are off is refused, as COMMIT would" {
    local up before
    teams_and_pens 'DEFERRABLE INITIALLY DEFERRED'
    before=$(contents)
    while IFS= read -r up; do
        only "$up"
        run --separate-stderr -1 apply ON
        [ "$up: $(error_text)" = "$up: cannot apply operation 1: FOREIGN KEY constraint failed: SQLite counts a deferred constraint as violated, although each row has its parent
hint: it does not count while foreign keys are off: delete or mend the rows before DROP TABLE or PRAGMA foreign_keys" ]
        [ "$(contents)" = "$before" ]
    done <<'FILES'
INSERT INTO pens VALUES (20, 4); DROP TABLE pens;
INSERT INTO pens VALUES (20, 4); PRAGMA foreign_keys = OFF; INSERT INTO teams (id) VALUES (4);
FILES
}

@test "foreign keys: a violation that defer_foreign_keys put off may be mended while foreign keys are off" {
    local up
    while IFS= read -r up; do
        rm -f "$db"
        teams_and_pens
        only "PRAGMA defer_foreign_keys = ON;
$up"
        [ "$up: $(apply ON)" = "$up: 1" ]
        [ "$(plain 'PRAGMA foreign_key_check')" = "" ]
    done <<'FILES'
INSERT INTO pens VALUES (20, 4); DROP TABLE pens;
INSERT INTO pens VALUES (20, 4); PRAGMA foreign_keys = OFF; INSERT INTO teams (id) VALUES (4);
FILES
}

# A tree of the nodes 1, 2 and 3 below 1, 4 below 3.
tree() {
    plain 'CREATE TABLE nodes (id INTEGER PRIMARY KEY, up INTEGER REFERENCES nodes ON DELETE CASCADE)' \
        'INSERT INTO nodes VALUES (1, NULL), (2, 1), (3, 1), (4, 3)'
}

@test "foreign keys: a table that references itself is rebuilt in either order without a loss" {
    local enforcement up rows
    local right="CREATE TABLE new_nodes (id INTEGER PRIMARY KEY, up INTEGER REFERENCES nodes ON DELETE CASCADE, name TEXT);
INSERT INTO new_nodes (id, up) SELECT id, up FROM nodes;
DROP TABLE nodes;
ALTER TABLE new_nodes RENAME TO nodes;"
    local wrong="ALTER TABLE nodes RENAME TO old_nodes;
CREATE TABLE nodes (id INTEGER PRIMARY KEY, up INTEGER REFERENCES nodes ON DELETE CASCADE, name TEXT);
INSERT INTO nodes (id, up) SELECT id, up FROM old_nodes;
DROP TABLE old_nodes;"
    for enforcement in ON OFF; do
        for up in "$right" "${right/REFERENCES nodes/REFERENCES new_nodes}" "$wrong"; do
            rm -f "$db"
            tree
            rows=$(plain 'SELECT id, up FROM nodes')
            only "$up"
            [ "$(apply "$enforcement")" = 1 ]
            [ "$(plain 'SELECT id, up FROM nodes' 'PRAGMA foreign_key_check')" = "$rows" ]
            [ "$(plain 'SELECT "table", "to", on_delete FROM pragma_foreign_key_list('"'nodes'"')')" = "nodes||CASCADE" ]
        done
    done
}

@test "foreign keys: DELETE in a table that references itself cascades, or leaves orphans that are refused" {
    tree
    only 'DELETE FROM nodes WHERE id = 3;'
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table nodes have no parent in table nodes (the first has rowid 4)
hint: repair the rows in the same operation; PRAGMA foreign_key_check(\"nodes\") lists them" ]
    [ "$(plain 'SELECT count(*) FROM nodes')" = 4 ]
    [ "$(apply ON)" = 1 ]
    [ "$(plain 'SELECT id FROM nodes')" = "1
2" ]
}

# Seats are keyed by two columns; ticket 3 has half a key, which references nothing.
seats_and_tickets() {
    plain 'CREATE TABLE seats (row TEXT, seat INTEGER, PRIMARY KEY (row, seat))' \
        'CREATE TABLE tickets (id INTEGER PRIMARY KEY, row TEXT, seat INTEGER,
            FOREIGN KEY (row, seat) REFERENCES seats ON DELETE CASCADE ON UPDATE CASCADE)' \
        "INSERT INTO seats VALUES ('A', 1), ('A', 2), ('B', 1)" \
        "INSERT INTO tickets VALUES (1, 'A', 1), (2, 'B', 1), (3, 'Z', NULL)"
}

rebuild_seats='CREATE TABLE new_seats (row TEXT, seat INTEGER, price INTEGER, PRIMARY KEY (row, seat));
INSERT INTO new_seats (row, seat) SELECT row, seat FROM seats;
DROP TABLE seats;
ALTER TABLE new_seats RENAME TO seats;'

@test "foreign keys: a rebuild of a parent with a key of two columns keeps the children" {
    local enforcement tickets
    for enforcement in ON OFF; do
        rm -f "$db"
        seats_and_tickets
        tickets=$(plain '.dump tickets')
        only "$rebuild_seats"
        [ "$(apply "$enforcement")" = 1 ]
        [ "$(plain '.dump tickets' 'PRAGMA foreign_key_check')" = "$tickets" ]
    done
}

@test "foreign keys: a rebuild that changes a key of two columns is refused" {
    local enforcement tickets
    seats_and_tickets
    tickets=$(plain '.dump tickets')
    only "${rebuild_seats/PRIMARY KEY (row, seat)/PRIMARY KEY (row, seat, price)}"
    for enforcement in ON OFF; do
        run --separate-stderr -1 apply "$enforcement"
        [ "$(error_text)" = 'cannot apply operation 1: the foreign keys of table tickets cannot be checked any more: foreign key mismatch - "tickets" referencing "seats"
hint: a parent key needs a PRIMARY KEY or UNIQUE index of the same columns' ]
        [ "$(plain '.dump tickets' 'PRAGMA foreign_key_check')" = "$tickets" ]
        [ "$(objects)" = "seats tickets" ]
    done
}

@test "foreign keys: a key of two columns cascades whole, and half a match is an orphan" {
    seats_and_tickets
    only "UPDATE tickets SET seat = 2 WHERE id = 2;"
    run --separate-stderr -1 apply OFF
    [ "$(error_text)" = "cannot apply operation 1: foreign key violation: 1 rows of table tickets have no parent in table seats (the first has rowid 2)
hint: repair the rows in the same operation; PRAGMA foreign_key_check(\"tickets\") lists them" ]
    [ "$(plain 'SELECT seat FROM tickets WHERE id = 2')" = 1 ]
    only "UPDATE seats SET row = 'C' WHERE row = 'B'; DELETE FROM seats WHERE row = 'A' AND seat = 1;"
    [ "$(apply ON)" = 1 ]
    [ "$(plain 'SELECT * FROM tickets')" = "2|C|1
3|Z|" ]
}
