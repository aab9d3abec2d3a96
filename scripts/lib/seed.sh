# shellcheck shell=sh disable=SC2034,SC2154
# The files of database/seeds: SQL that fills a database with what an application starts with.

# Runs all of them in the order of their names.
seed_run() {
    seed_try || engine_die
}

# The same, but where it fails it says so as a function of the engine does.
seed_try() {
    set -- database/seeds/*.sql
    [ -f "$1" ] || seed_fail 66 "there is no database/seeds/*.sql
hint: it is looked for from the working directory" || return 1
    for seed_file; do
        seed_check "$seed_file" || return 1
    done
    engine_seed "$@" && return
    seed_file=$(awk '/^database\/seeds\// { name = $0 } END { print name }' "$scratch/rows")
    case $engine_message in
    *'no transaction is active'*)
        seed_fail 65 "a seed ended the transaction that all of them share
hint: what ran before that may have been kept"
        ;;
    *)
        seed_fail "$engine_status" "cannot seed: ${seed_file:+$seed_file:}$engine_message
hint: ${engine_seed_left:-nothing of any seed was kept}"
        ;;
    esac
}

seed_fail() {
    engine_status=$1
    engine_message=$2
    return 1
}

# Fails when file $1 has what would not be SQL, or would end the transaction.
seed_check() {
    [ -r "$1" ] || seed_fail 77 "cannot read $1" || return 1
    seed_finding=$(awk '
        /^[.\\]/ { print FNR ": " $1 " is not SQL"; exit }
        toupper($1) ~ /^(COMMIT|ROLLBACK|SAVEPOINT|RELEASE|VACUUM|ATTACH|DETACH);?$/ {
            print FNR ": \"" $1 "\" cannot run in the transaction of the seeds"
            exit
        }
    ' "$1") || die 74 "cannot read $1"
    [ -z "$seed_finding" ] || seed_fail 65 "$1:$seed_finding
hint: write plain SQL; all seeds share one transaction"
}
