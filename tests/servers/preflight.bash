# preflight.sh on a server; copies.bash and its companions have the servers.

# To be called in setup(), after use_copies_...: a database at version 1 with the table users, and two operations
# that are pending.
use_preflight() {
    operation 0002 TASK-1 create-teams 'CREATE TABLE teams (id int PRIMARY KEY);' 'DROP TABLE teams;'
    operation 0003 TASK-2 add-fax 'ALTER TABLE teams ADD COLUMN fax varchar(20);' 'ALTER TABLE teams DROP COLUMN fax;'
    program_run sqlite-migrate up 1 -q
}

preflight() { # <argument>...
    program_run preflight.sh "$@"
}

# Text without durations, and without the names of scratch databases.
timeless() { # <text>
    printf '%s' "$1" | sed -E 's/^([a-z-]+ +[a-z]+ +)[0-9]+\.[0-9] s/\1T/; s/  +/  /g; s/migrate_scratch_[0-9]+_[0-9a-f]+/SCRATCH/g
        s/in [0-9]+ ms/in N ms/; s/[0-9]{8}T[0-9]{6}Z/TIME/g'
}

# All checks pass: the database is what it was, byte for byte, and nothing else is left.
passes_and_leaves_all_as_it_is() {
    local before
    mkdir -p database/seeds
    echo "INSERT INTO teams (id, fax) VALUES (7, 'x');" >database/seeds/1.sql
    program_run schema-dump.sh -q
    before=$(content "$database")
    run --separate-stderr -0 preflight --skip drift
    [ "$(timeless "$output")$stderr" = "verify  passed  T  errors: 0, warnings: 0
lint  passed  T  errors: 0, warnings: 0, notes: 2
rehearsal  passed  T  operations rolled back and applied again: 2
fresh  passed  T  operations: 3, seeds: 1
round-trip  passed  T  operations rolled back and applied again: 3
drift  skipped  -  --skip names it

checks passed: 5; skipped: drift" ]
    [ "$(content "$database")" = "$before" ]
    nothing_is_left
}

# Expects that a run finds this: status, checks, and what comes behind the lines.
finds() { # <status> <checks> <text>
    local before
    before=$(content "$database")
    run --separate-stderr "-$1" preflight --only "$2"
    [ "$(timeless "$output" | sed '1,/^$/d')$stderr" = "$3" ] || {
        printf '%s\n' "$output" "$stderr"
        return 1
    }
    [ "$(content "$database")" = "$before" ] && nothing_is_left
}

# A signal in the middle of each of these checks leaves nothing. The operation that is pending waits for ever;
# `sleeping` is true while a session does so.
signals_leave_nothing() {
    local signal check before
    before=$(content "$database")
    for check in rehearsal fresh; do
        for signal in TERM HUP INT; do
            env --default-signal=INT "$root/scripts/preflight.sh" --only "$check" </dev/null >out 2>&1 3>&- &
            run=$!
            server_wait "$run" sleeping || {
                cat out
                return 1
            }
            kill -s "$signal" "$run"
            status=0
            wait "$run" || status=$?
            if [ "$status" -le 128 ] || ! nothing_is_left; then
                printf '%s %s %s\n' "$check" "$signal" "$status"
                cat out
                scratches
                return 1
            fi
        done
    done
    [ "$(content "$database")" = "$before" ]
}
