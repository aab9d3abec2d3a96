#!/usr/bin/env bats
# migrate_config(): the options of a connection.

load ../helpers/migrate

setup() {
    use_scratch
}

options="dir table transaction foreign_key_check compile_check commit_interval scripts script_timeout
    gaps late lock_timeout actor progress snapshot snapshot_dir note dialect schema dangerous"

# Each option as this connection has it, one a line; the statements given are run first.
all_options() { # [<sql>...]
    local query="" option
    for option in $options; do
        query="$query SELECT '$option=' || migrate_config('$option');"
    done
    mig "$@" "$query"
}

# Checks that a value is refused, and that the option stays what it was.
refuses() { # <option> <value as SQL> <message and hint>
    local before
    before=$(all_options)
    run --separate-stderr -25 mig "SELECT migrate_config('$1', $2)"
    [ "$output" = "" ]
    [ "$(error_text)" = "$3" ]
    run sqlite3 -batch -init /dev/null "$db" -cmd ".load $extension" <<SQL
.output /dev/null
SELECT migrate_config('$1', $2);
.output
SELECT '$1=' || migrate_config('$1');
SQL
    [ "${lines[-1]}" = "$(grep "^$1=" <<<"$before")" ]
}

number="is not a number of milliseconds from 0 to 86400000
hint: docs/options.md lists the options and their values"

@test "config: each option has its default" {
    [ "$(all_options)" = "dir=migrations
table=migration
transaction=operation
foreign_key_check=changed
compile_check=error
commit_interval=1000
scripts=off
script_timeout=300000
gaps=error
late=error
lock_timeout=5000
actor=$(id -un)
progress=off
snapshot=off
snapshot_dir=backups
note=
dialect=sqlite
schema=
dangerous=warn" ]
}

# One value for each option that is not its default.
set_environment() {
    export MIGRATIONS_DIR=db/migrations MIGRATE_TABLE=schema_change MIGRATE_TRANSACTION=all \
        MIGRATE_FOREIGN_KEY_CHECK=off MIGRATE_COMPILE_CHECK=warn MIGRATE_COMMIT_INTERVAL=0 \
        MIGRATE_SCRIPTS=on MIGRATE_SCRIPT_TIMEOUT=60000 MIGRATE_GAPS=off MIGRATE_LATE=warn \
        MIGRATE_LOCK_TIMEOUT=1 MIGRATE_ACTOR=Ann MIGRATE_PROGRESS=lines \
        MIGRATE_SNAPSHOT=before-apply MIGRATE_SNAPSHOT_DIR=kept MIGRATE_NOTE='release 7' \
        MIGRATE_DIALECT=mysql MIGRATE_SCHEMA=own MIGRATE_DANGEROUS=deny
}

environment="dir=db/migrations
table=schema_change
transaction=all
foreign_key_check=off
compile_check=warn
commit_interval=0
scripts=on
script_timeout=60000
gaps=off
late=warn
lock_timeout=1
actor=Ann
progress=lines
snapshot=before-apply
snapshot_dir=kept
note=release 7
dialect=mysql
schema=own
dangerous=deny"

@test "config: each option has an environment variable" {
    set_environment
    [ "$(all_options)" = "$environment" ]
}

@test "config: an empty environment variable counts as none" {
    [ "$(MIGRATIONS_DIR='' MIGRATE_GAPS='' mig "SELECT migrate_config('dir')" \
        "SELECT migrate_config('gaps')")" = "migrations
error" ]
}

@test "config: NULL takes an option back to its default" {
    [ "$(mig "SELECT migrate_config('gaps', 'off')" "SELECT migrate_config('gaps', NULL)" \
        "SELECT migrate_config('gaps')")" = "off
error
error" ]
}

@test "config: NULL takes an option back to its environment variable" {
    [ "$(MIGRATE_GAPS=warn mig "SELECT migrate_config('gaps', 'off')" \
        "SELECT migrate_config('gaps', NULL)")" = "off
warn" ]
}

@test "config: a value that was set wins over the environment" {
    set_environment
    [ "$(all_options "SELECT migrate_config('gaps', 'error')" "SELECT migrate_config('dir', 'x')")" = "error
x
$(sed -e 's/^gaps=.*/gaps=error/' -e 's/^dir=.*/dir=x/' <<<"$environment")" ]
}

@test "config: an option is that of one connection" {
    mig "SELECT migrate_config('gaps', 'off')"
    [ "$(mig "SELECT migrate_config('gaps')")" = error ]
}

@test "config: every choice of an option is accepted" {
    while read -r option choices; do
        for choice in $choices; do
            [ "$(mig "SELECT migrate_config('$option', '$choice')" "SELECT migrate_config('$option')")" = "$choice
$choice" ]
        done
    done <<CHOICES
transaction operation task all
foreign_key_check changed all off
compile_check off warn error
scripts off on
gaps off warn error
late off warn error
progress off lines bar
snapshot off before-apply
dialect sqlite postgresql mysql
dangerous warn deny
CHOICES
}

@test "config: a number can be given as a number, up to a day" {
    [ "$(mig "SELECT migrate_config('lock_timeout', 0)" \
        "SELECT migrate_config('lock_timeout', 86400000)")" = "0
86400000" ]
}

@test "config: can be read and set inside a transaction" {
    [ "$(mig "BEGIN; SELECT migrate_config('gaps', 'off'); SELECT migrate_config('gaps'); ROLLBACK;
            SELECT migrate_config('gaps')")" = "off
off
off" ]
}

@test "config: an unknown option is refused" {
    for name in "'nothing'" "'GAPS'" "''" NULL; do
        run --separate-stderr -25 mig "SELECT migrate_config($name)"
        [ "$output" = "" ]
        shown=${name#\'}
        shown=${shown%\'}
        [ "$(error_text)" = "there is no option \"${shown#NULL}\"
hint: docs/options.md lists the options and their values" ]
    done
}

@test "config: an empty value is refused for every option" {
    for option in $options; do
        refuses "$option" "''" "option $option: the value is empty
hint: docs/options.md lists the options and their values"
    done
}

@test "config: a value that is no choice is refused" {
    refuses transaction "'each'" 'option transaction: "each" is not one of its values
hint: use one of: operation task all'
    refuses foreign_key_check "'on'" 'option foreign_key_check: "on" is not one of its values
hint: use one of: changed all off'
    refuses compile_check "'strict'" 'option compile_check: "strict" is not one of its values
hint: use one of: off warn error'
    refuses scripts 1 'option scripts: "1" is not one of its values
hint: use one of: off on'
    refuses progress "'yes'" 'option progress: "yes" is not one of its values
hint: use one of: off lines bar'
}

@test "config: a choice in other letters, with blanks, or cut short is refused" {
    for value in ERROR ' error' 'error ' err 'off warn'; do
        refuses gaps "'$value'" "option gaps: \"$value\" is not one of its values
hint: use one of: off warn error"
    done
}

@test "config: a number with a unit is refused" {
    refuses commit_interval "'1s'" "option commit_interval: \"1s\" $number"
}

@test "config: a negative number is refused" {
    refuses lock_timeout -1 "option lock_timeout: \"-1\" $number"
}

@test "config: a fraction is refused" {
    refuses script_timeout 1.5 "option script_timeout: \"1.5\" $number"
}

@test "config: a number of more than a day is refused" {
    refuses lock_timeout 86400001 "option lock_timeout: \"86400001\" $number"
}

@test "config: a number of more than 64 bits is refused" {
    refuses lock_timeout "'18446744073709551616'" "option lock_timeout: \"18446744073709551616\" $number"
}

@test "config: a table name that SQLite keeps for itself is refused" {
    refuses table "'SQLITE_migration'" 'option table: "SQLITE_migration" is a name that SQLite keeps for itself
hint: docs/options.md lists the options and their values'
}

# One variable with a bad value: every function that writes refuses before it writes anything.
@test "config: a bad value in the environment stops a run before it writes" {
    three_operations
    while IFS='=' read -r variable option value message; do
        for function in "migrate_apply()" "migrate_to(1)" "migrate_baseline(1)"; do
            export "$variable=$value"
            run --separate-stderr -25 mig "SELECT $function"
            unset "$variable"
            [ "$output" = "" ]
            [ "$(sed -n 1p <<<"$(error_text)")" = "environment variable $variable: option $option: \"$value\" $message" ]
            [ "$(plain "SELECT count(*) FROM sqlite_schema")" = 0 ]
        done
    done <<VARIABLES
MIGRATE_TABLE=table=sqlite_x=is a name that SQLite keeps for itself
MIGRATE_TRANSACTION=transaction=x=is not one of its values
MIGRATE_FOREIGN_KEY_CHECK=foreign_key_check=x=is not one of its values
MIGRATE_COMPILE_CHECK=compile_check=x=is not one of its values
MIGRATE_COMMIT_INTERVAL=commit_interval=x=is not a number of milliseconds from 0 to 86400000
MIGRATE_SCRIPTS=scripts=yes=is not one of its values
MIGRATE_SCRIPT_TIMEOUT=script_timeout=x=is not a number of milliseconds from 0 to 86400000
MIGRATE_GAPS=gaps=x=is not one of its values
MIGRATE_LATE=late=x=is not one of its values
MIGRATE_LOCK_TIMEOUT=lock_timeout=x=is not a number of milliseconds from 0 to 86400000
MIGRATE_PROGRESS=progress=x=is not one of its values
VARIABLES
}

@test "config: a bad value in the environment is named when the option is read" {
    export MIGRATE_GAPS=yes
    run --separate-stderr -25 mig "SELECT migrate_config('gaps')"
    [ "$(error_text)" = 'environment variable MIGRATE_GAPS: option gaps: "yes" is not one of its values
hint: use one of: off warn error' ]
}

@test "config: a value that was set hides a bad one in the environment" {
    [ "$(MIGRATE_GAPS=yes mig "SELECT migrate_config('gaps', 'off')" "SELECT migrate_config('gaps')")" = "off
off" ]
}

@test "config: a migration file cannot set an option" {
    operation 0001 TASK-1 first "CREATE TABLE a (x);
SELECT migrate_config('gaps', 'off');"
    run --separate-stderr -21 mig "SELECT migrate_apply()"
    [ "$output" = "" ]
    [ "$(error_text)" = "cannot apply operation 1: 2025-01-10/0001-TASK-1-first_up.sql:2:1: migrate_config: a migration is running on this connection
    2 | SELECT migrate_config('gaps', 'off');
hint: a migration file cannot change options" ]
    [ "$(completed)" = "" ]
    [ "$(objects)" = "" ]
}

@test "config: a migration file cannot take an option back" {
    operation 0001 TASK-1 first "SELECT migrate_config('gaps', NULL);"
    run --separate-stderr -21 mig "SELECT migrate_apply()"
    [ "$(completed)" = "" ]
}

@test "config: a migration file can read an option" {
    operation 0001 TASK-1 first "CREATE TABLE a AS SELECT migrate_config('gaps') AS gaps;"
    result=$(mig "SELECT migrate_apply()")
    [ "$result" = 1 ]
    [ "$(plain "SELECT gaps FROM a")" = error ]
}

@test "config: a table name may need quotes" {
    three_operations
    [ "$(mig "SELECT migrate_config('table', 'my \"change\"')" "SELECT migrate_apply()" \
        "SELECT count(*) FROM migrations_applied" "SELECT count(*) FROM migrations_history")" = "my \"change\"
3
3
3" ]
    [ "$(plain "SELECT group_concat(name, ', ') FROM sqlite_schema WHERE type = 'table' AND name <> 'users'")" = "my \"change\", my \"change\"_log" ]
}
