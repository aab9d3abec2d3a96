#!/usr/bin/env bats
# preflight.sh: its reports, its usage, and what it leaves alone.

# shellcheck disable=SC2016,SC2154 # what stands in single quotes is for others; bats sets stderr

load ../helpers/migrate
load front
load preflight

setup() {
    use_scratch
    use_preflight
    good_operations
}

# Texts that XML and JSON have to escape: as names of a table and of a seed.
odd_problem() {
    operation 0003 TASK-2 create-teams "CREATE TABLE \"a<b>&'c'\\\" (x); CREATE TABLE \"əş ]]> $(printf '\001\377\357\277\276')\" (x);" \
        "DROP TABLE \"a<b>&'c'\\\";"
}

@test "preflight: prints nothing with --quiet where nothing is wrong, and all of it where something is" {
    run --separate-stderr -0 preflight -q --only fresh,round-trip
    [ "$output$stderr" = "" ]
    seed_file 1.sql 'INSERT INTO missing VALUES (1);'
    run --separate-stderr -2 preflight -q --only fresh,round-trip
    [ "$(settled "$output")$stderr" = "verify  skipped  -  --only names others
lint  skipped  -  --only names others
rehearsal  skipped  -  --only names others
fresh  problem  T  operations: 3
round-trip  passed  T  operations rolled back and applied again: 3
drift  skipped  -  --only names others

fresh
  error: cannot seed: database/seeds/1.sql:1: no such table: missing
  hint: nothing of any seed was kept

problems found by: fresh; skipped: verify, lint, rehearsal, drift" ]
}

@test "preflight: --json prints the report as JSON" {
    seed_file 1.sql 'INSERT INTO "no ""thing" VALUES (1);'
    run --separate-stderr -2 preflight --json --skip lint,rehearsal,round-trip
    [ "$(settled "$output")$stderr" = '{"database":"app.db","result":"problem","checks":[
  {"name":"verify","result":"passed","milliseconds":N,"summary":"errors: 0, warnings: 0","findings":[]},
  {"name":"lint","result":"skipped","milliseconds":N,"summary":"--skip names it","findings":[]},
  {"name":"rehearsal","result":"skipped","milliseconds":N,"summary":"--skip names it","findings":[]},
  {"name":"fresh","result":"problem","milliseconds":N,"summary":"operations: 3","findings":[
  {"severity":"error","message":"cannot seed: database/seeds/1.sql:1: no such table: no \"thing","hint":"nothing of any seed was kept"}]},
  {"name":"round-trip","result":"skipped","milliseconds":N,"summary":"--skip names it","findings":[]},
  {"name":"drift","result":"skipped","milliseconds":N,"summary":"there is no database/schema/default.sql; schema-dump.sh writes it","findings":[]}]}' ]
}

@test "preflight: --junit writes a testcase for each check, with what is wrong and what is skipped" {
    front up -q
    plain 'CREATE TABLE by_hand (x)'
    seed_file 1.sql 'INSERT INTO missing VALUES (1);'
    printf '#!/bin/sh\n' | program 0004 TASK-3 import sh
    run --separate-stderr -1 preflight --junit out/report.xml --skip lint,rehearsal
    [ "$(settled "$(sed 's/[0-9a-f]\{64\}/SUM/g' out/report.xml)")" = '<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="preflight" tests="6" failures="1" errors="1" skipped="4" time="T">
  <testsuite name="preflight" tests="6" failures="1" errors="1" skipped="4" time="T" timestamp="WHEN">
  <properties><property name="database" value="app.db"/></properties>
  <testcase classname="preflight" name="verify" time="T">
  <failure message="2025-01-10/0004-TASK-3-import.sh is a program, and programs are switched off">error: 2025-01-10/0004-TASK-3-import.sh is a program, and programs are switched off
hint: read it, then set option scripts to on
</failure>
  <system-out>warning: the schema was changed since the last run: its fingerprint is SUM, was SUM
hint: find the change and put it into an operation, or take it back
</system-out>
  </testcase>
  <testcase classname="preflight" name="lint" time="T">
  <skipped message="--skip names it"/>
  </testcase>
  <testcase classname="preflight" name="rehearsal" time="T">
  <skipped message="--skip names it"/>
  </testcase>
  <testcase classname="preflight" name="fresh" time="T">
  <error message="2025-01-10/0004-TASK-3-import.sh is a program, and programs are switched off">error: 2025-01-10/0004-TASK-3-import.sh is a program, and programs are switched off
hint: read it, then set option scripts to on
</error>
  </testcase>
  <testcase classname="preflight" name="round-trip" time="T">
  <skipped message="fresh has not come to its end"/>
  </testcase>
  <testcase classname="preflight" name="drift" time="T">
  <skipped message="there is no database/schema/default.sql; schema-dump.sh writes it"/>
  </testcase>
  </testsuite>
</testsuites>' ]
    [ "$(stat -c %a out/report.xml)" = "$(stat -c %a "$(mktemp -p . | xargs -I{} sh -c 'rm {}; : >{}; echo {}')")" ]
}

@test "preflight: the report is XML that a parser reads, and JSON, whatever the names are" {
    odd_problem
    run -2 preflight --junit report.xml --only round-trip
    run -2 preflight --json --only round-trip
    printf '%s' "$output" >report.json
    python3 - <<'PYTHON'
import json, xml.etree.ElementTree as tree
words = "left: table a<b>&'c'\\\"; table əş ]]>"
found = tree.parse("report.xml").getroot().find(".//testcase[@name='round-trip']/failure").text
assert "unexpected: table əş ]]> ???" in found, found
found = json.load(open("report.json", encoding="utf-8"))["checks"][4]["findings"][0]["message"]
assert "unexpected: table əş ]]> \x01\udcff\ufffe" in found, ascii(found)
PYTHON
}

@test "preflight: shows no control character of a name" {
    operation 0004 TASK-2 odd "CREATE TABLE \"a$(printf '\033')[31mb\" (x);" 'SELECT 1;'
    run -2 preflight --only round-trip
    [[ $output == *"table a [31mb"* ]]
}

@test "preflight: a report that was there goes at the beginning, and a file that is no report stays" {
    printf '<?xml old' >report.xml
    run -64 preflight --junit report.xml --only nothing
    [ "$(cat report.xml)" = '<?xml old' ]
    run -66 preflight --junit report.xml nosuch.sqlite
    [ ! -e report.xml ]
    front up -q
    before=$(sha256sum app.db)
    run --separate-stderr -73 preflight --junit app.db
    [ "$output$stderr" = "preflight.sh: app.db is there already, and is no report
hint: name another file" ]
    [ "$(sha256sum app.db)" = "$before" ]
    run --separate-stderr -73 preflight --junit migrations
    [ "$output$stderr" = "preflight.sh: cannot write the report migrations: there is a folder of that name" ]
    : >file
    run --separate-stderr -73 preflight --junit file/report.xml
    [ "${stderr_lines[0]}" = "preflight.sh: cannot create the folder file" ]
    [ "$(find . -name '.new.*')" = "" ]
}

@test "preflight: a run that has to end early says so in the report" {
    mkdir stubs
    front up -q
    "$root/scripts/schema-dump.sh" -q
    # What two outlines are compared with cannot read them.
    printf '#!/bin/sh\ncase "$*" in *outline.top*) exit 2 ;; esac\nexec "%s" "$@"\n' "$(command -v awk)" >stubs/awk
    chmod +x stubs/awk
    PATH=$PWD/stubs:$PATH run --separate-stderr -74 preflight --junit report.xml --skip lint
    [ "$(settled "$output")$stderr" = "verify  passed  T  errors: 0, warnings: 0
lint  skipped  -  --skip names it
rehearsal  skipped  -  nothing is pending
fresh  passed  T  operations: 3; there are no seeds
round-trip  failed  T  errors: 1
drift  skipped  -  the run ended with round-trip

round-trip
  error: cannot read the temporary folder

could not be carried out: round-trip; skipped: lint, rehearsal, drift" ]
    [ "$(grep -c '<error' report.xml)" -eq 1 ]
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "preflight: leaves the database, and what lies beside it, as they are" {
    local before journal
    for journal in delete wal; do
        rm -f app.db
        front up -q
        plain "PRAGMA journal_mode = $journal; INSERT INTO users (name) VALUES ('Ann')" >out
        operation 0004 TASK-3 change-users "DELETE FROM users; ALTER TABLE users ADD COLUMN fax TEXT;" \
            "ALTER TABLE users DROP COLUMN fax;"
        before=$(sha256sum app.db)
        stat -c '%Y %i %a' app.db >stat.before
        preflight >report || [ "$?" -eq 2 ]
        [ "$(sha256sum app.db)" = "$before" ]
        stat -c '%Y %i %a' app.db | cmp - stat.before
        [ "$(find . -maxdepth 1 -name 'app.db?*')" = "" ]
        [ ! -e backups ]
        [ "$(ls -A "$TMPDIR")" = "" ]
        rm migrations/2025-01-10/0004*
    done
}

@test "preflight: takes no snapshot, whatever the environment says" {
    front up -q 1
    printf 'MIGRATE_SNAPSHOT=before-apply\nMIGRATE_ENV=production\nMIGRATE_DANGEROUS=deny\n' >.env
    run -0 preflight --skip lint,rehearsal
    [ ! -e backups ]
}

@test "preflight: shows usage errors on standard error" {
    usage() { # <message> <argument>...
        run --separate-stderr -64 preflight "${@:2}"
        [ "$output$stderr" = "preflight.sh: $1" ]
    }
    usage "unknown option: --frobnicate
hint: preflight.sh --help" --frobnicate
    usage "option --only: there is no check \"lints\"
hint: the checks are: verify lint rehearsal fresh round-trip drift" --only verify,lints
    usage "option --skip: there is no check \"*\"
hint: the checks are: verify lint rehearsal fresh round-trip drift" --skip='*'
    usage "there is more than one argument: two
hint: preflight.sh --help" one two
    usage "the connection was named twice
hint: preflight.sh --help" --connection one two
    usage "option --junit needs a value
hint: preflight.sh --help" --junit
    run --separate-stderr -66 preflight --schema-file nosuch.sql
    [ "$output$stderr" = "preflight.sh: there is no dump nosuch.sql
hint: schema-dump.sh writes it" ]
    unset DATABASE_URL
    run --separate-stderr -78 preflight
    [ "${stderr_lines[0]}" = "preflight.sh: there is no connection: DATABASE_URL is not set" ]
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "preflight: prints its help on standard output" {
    run --separate-stderr -0 preflight --help
    [ "$stderr" = "" ]
    [[ $output == *"Usage: preflight.sh [OPTION]... [CONNECTION|SNAPSHOT]"*"Exit status: 0 nothing is wrong, "* ]]
}
