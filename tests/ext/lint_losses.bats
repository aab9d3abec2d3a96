#!/usr/bin/env bats
# No loss goes unannounced: of generated migrations of generated schemas, each value that is there before and not after
# is one that the plan or the rehearsal has told of.
#
# MIGRATE_LOSS_FIRST (1) and MIGRATE_LOSS_SEEDS (60) say which seeds; a failing test names its seed.

load ../helpers/migrate
load lint_losses

setup_file() {
    newest_sqlite_build
}

setup() {
    use_scratch
    first=${MIGRATE_LOSS_FIRST:-1}
    last=$((first + ${MIGRATE_LOSS_SEEDS:-60} - 1))
}

@test "losses: the plan and the rehearsal miss none, first quarter of the seeds" {
    go_through "$first" "$last"
}

@test "losses: the plan and the rehearsal miss none, second quarter" {
    go_through "$((first + 1))" "$last"
}

@test "losses: the plan and the rehearsal miss none, third quarter" {
    go_through "$((first + 2))" "$last"
}

@test "losses: the plan and the rehearsal miss none, fourth quarter" {
    go_through "$((first + 3))" "$last"
}

@test "losses: the plan and the rehearsal miss none on the newest SQLite" {
    use_newest_sqlite
    go_through "$((last + 1))" "$((last + ${MIGRATE_LOSS_SEEDS:-60}))"
}

# What the comparison finds when SQL is run on the database of a case.
lost_by() { # <sql>
    cp 0.db 1.db
    cp 0.compare 1.compare
    db=1.db plain "$1" >/dev/null
    applied=1
    find_losses
    cat losses
}

@test "losses: the comparison finds rows that are gone and values that are others" {
    local rows named
    make_case 4
    rows=$(db=0.db plain 'SELECT count(*) FROM users')
    named=$(db=0.db plain 'SELECT count(free0) FROM users')
    [ "$rows" -gt 2 ] && [ "$named" -gt 2 ]
    [ "$(lost_by 'SELECT 1')" = "" ]
    [ "$(lost_by 'DELETE FROM users WHERE id = (SELECT min(id) FROM users)' | grep rows)" = "1|rows|users||1" ]
    [ "$(lost_by "UPDATE users SET id = id || '7' WHERE id = (SELECT min(id) FROM users)" | grep rows)" = "1|rows|users||1" ]
    [ "$(lost_by 'UPDATE users SET free0 = NULL')" = "1|values|users|free0|$named" ]
    [ "$(lost_by "UPDATE users SET free0 = x'00' WHERE id = (SELECT max(id) FROM users)")" = "1|values|users|free0|1" ]
}

# The names, the losses and the findings of an operation, by hand.
make_small_case() {
    applied=1
    printf '%s\n' 'a||a' 'b||b' 'a||people' 'a|x|x' 'a|y|y' 'b|z|z' >1.names
    printf '1|%s\n' 'rows|a||2' 'values|a|x|1' 'column|a|y|3' 'table|b||1' >losses
    : >nothing
}

@test "losses: a loss is announced by a finding of its kind about its table or column" {
    make_small_case
    printf '1|plan|%s\n' 'deletes-rows|a' 'updates-rows|PEOPLE' 'drop-column|a.Y' 'drop-table|b' >plan
    [ "$(missed_by plan)" = "" ]
    [ "$(sed 1,2d plan | missed_by -)" = "1|rows|a||2
1|values|a|x|1" ]
    printf '1|plan|%s\n' 'drop-column|a.x' 'drop-index|a' 'drop-table|c' 'not-judged|b' >plan
    [ "$(missed_by plan)" = "1|rows|a||2
1|column|a|y|3
1|table|b||1" ]
}

@test "losses: a loss is announced by a rehearsal that has changed rows of its table" {
    make_small_case
    printf '1|%s\n' 'rows|a|0|2' 'dropped|b' >rehearsal
    [ "$(missed_by rehearsal)" = "1|column|a|y|3" ]
    printf '1|%s\n' 'rows|a|0|0' 'dropped|a' >rehearsal
    [ "$(missed_by rehearsal)" = "1|column|a|y|3
1|table|b||1" ]
}

@test "losses: what is announced for another operation, or not at all, is missed" {
    make_small_case
    printf '2|plan|%s\n' 'drop-table|a' 'drop-table|b' >plan
    printf '2|dropped|%s\n' a b >rehearsal
    [ "$(missed_by plan rehearsal)" = "$(cat losses)" ]
    [ "$(missed_by nothing)" = "$(cat losses)" ]
}

@test "losses: the generated ones are of all kinds, and missed when a finding is taken away" {
    local before rule missed=0
    for seed in 8 15 20 22 29 35 47; do
        make_case "$seed"
        find_losses
        find_announcements
        cut -d '|' -f 2 losses >>../kinds
        : >nothing
        [ "$(missed_by nothing)" = "$(cat losses)" ]
        before=$(missed_by plan | wc -l)
        while IFS= read -r rule; do
            grep -v "|$rule|" plan >less || :
            [ "$(missed_by less | wc -l)" -eq "$before" ] || missed=$((missed + 1))
        done < <(cut -d '|' -f 3 plan | sort -u)
    done
    [ "$(sort -u ../kinds | tr '\n' ' ')" = "column rows table values " ]
    # So many times, a rule was the only one that announced some loss.
    [ "$missed" -ge 8 ]
}
