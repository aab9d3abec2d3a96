# Generated schemas and migrations (lint_losses.awk), what the plan and the rehearsal say of them, and what they really
# lose.

# shellcheck source-path=SCRIPTDIR
source "${BASH_SOURCE[0]%/*}/../helpers/newest_sqlite.bash"

# Runs SQL with the settings of the case.
in_case() { # <database> <sql>
    {
        printf '.output /dev/null\n'
        cat settings.sql
        printf '.output\n%s;\n' "$2"
    } >script.sql
    db=$1 mig <script.sql
}

# Makes the case of a seed in a new directory, and goes there. N.db is the database behind operation N, from 0 (before
# the first) to $applied. An operation that cannot be run is drawn anew a few times; then the case ends there, for
# what fails is rolled back and loses nothing.
make_case() { # <seed>
    local attempts=(0 0 0 0 0 0 0)
    seed=$1
    rm -rf "$BATS_TEST_TMPDIR/case"
    mkdir "$BATS_TEST_TMPDIR/case"
    cd "$BATS_TEST_TMPDIR/case" || return
    draw_case
    db=0.db plain <schema.sql
    applied=0
    while [ -e "$((applied + 1)).sql" ]; do
        if run_operation "$((applied + 1))"; then
            applied=$((applied + 1))
        elif [ "${attempts[applied]}" -lt 4 ]; then
            attempts[applied]=$((attempts[applied] + 1))
            draw_case
        else
            break
        fi
    done
}

# Writes the files of the case, by $seed and ${attempts[@]}.
draw_case() {
    local file number
    rm -rf ./*.sql ./*.compare ./*.names "$folder"
    awk -v seed="$seed" -v attempts="$(printf '%s,' "${attempts[@]}")" -v out=. -f "$BATS_TEST_DIRNAME/lint_losses.awk"
    mkdir -p "$folder/2025-01-10"
    for file in [1-9].sql; do
        number=${file%.sql}
        cp "$file" "$folder/2025-01-10/000$number-TASK-1-example_up.sql"
    done
}

# Makes N.db from the one before.
run_operation() { # <number>
    cp "$(($1 - 1)).db" "$1.db"
    in_case "$1.db" "SELECT migrate_apply(NULL, $1)" >apply.out 2>&1
}

# Writes what is really lost into `losses`: OPERATION|KIND|TABLE|COLUMN|HOW MANY.
find_losses() {
    local number
    : >losses
    for ((number = 1; number <= applied; number++)); do
        db=$number.db plain "ATTACH '$((number - 1)).db' AS old" ".read $number.compare" >lost || return
        sed "s/^/$number|/" lost >>losses
    done
}

# Writes what is announced into `plan` and `rehearsal`: OPERATION|plan|RULE|OBJECT, OPERATION|rows|TABLE|UPDATED|DELETED,
# OPERATION|dropped|TABLE.
find_announcements() {
    in_case 0.db "SELECT version, 'plan', iif(kind = 'rebuild' AND rule = 'rename-column', 'moves-column', rule), object
        FROM migrations_plan() WHERE rule IS NOT NULL" >plan
    in_case 0.db "CREATE TEMP TABLE rehearsed AS SELECT version, rows_changed, objects FROM migrations_rehearsal();
        SELECT version, 'rows', key, value ->> 'updated', value ->> 'deleted' FROM rehearsed, json_each(rows_changed);
        SELECT version, 'dropped', substr(value, 7) FROM rehearsed, json_each(objects, '\$.dropped')
            WHERE value LIKE 'table %'" >rehearsal
}

# Prints the losses of a case that none of the files announces.
missed_by() { # <file>...
    {
        for ((number = 1; number <= applied; number++)); do
            sed "s/^/$number|name|/" "$number.names"
        done
        cat "$@"
    } | awk -F '|' -f "$BATS_TEST_DIRNAME/lint_announced.awk" - losses
}

# Goes through every fourth seed from the given one on; fails for each that has a loss nobody has announced. Counts the
# losses.
go_through() { # <first> <last>
    local missed failed=0 seeds=0 losses=0 operations=0 by_plan=0
    for ((seed = $1; seed <= $2; seed += 4)); do
        make_case "$seed"
        if ! find_losses || ! find_announcements; then
            failed=$((failed + 1))
            printf 'seed %s: cannot be compared\n' "$seed"
            continue
        fi
        missed=$(missed_by plan rehearsal)
        if [ -n "$missed" ]; then
            failed=$((failed + 1))
            printf 'seed %s: not announced:\n%s\n' "$seed" "$missed"
        fi
        seeds=$((seeds + 1))
        operations=$((operations + applied))
        losses=$((losses + $(wc -l <losses)))
        by_plan=$((by_plan + $(wc -l <losses) - $(missed_by plan | wc -l)))
    done
    printf '%s schemas, %s operations, %s losses, %s of them announced by the plan alone\n' \
        "$seeds" "$operations" "$losses" "$by_plan"
    [ "$failed" -eq 0 ]
    # A test that finds nothing to announce has not looked.
    [ "$losses" -ge $((seeds * 2)) ]
}
