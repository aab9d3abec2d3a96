# shellcheck shell=sh disable=SC2154
# The files of database/seeds: SQL that fills a database with what an application starts with.

# Runs all of them in the order of their names.
seed_run() {
    set -- database/seeds/*.sql
    [ -f "$1" ] || die 66 "there is no database/seeds/*.sql" "it is looked for from the working directory"
    for seed_file; do
        seed_check "$seed_file"
    done
    engine_seed "$@" || {
        seed_file=$(awk '/^database\/seeds\// { name = $0 } END { print name }' "$scratch/rows")
        case $engine_message in
        *'no transaction is active'*)
            die 65 "a seed ended the transaction that all of them share" "what ran before that may have been kept"
            ;;
        *) ;;
        esac
        die "$engine_status" "cannot seed: ${seed_file:+$seed_file:}$engine_message" "${engine_seed_left:-nothing of any seed was kept}"
    }
}

# Ends the program when file $1 has what would not be SQL, or would end the transaction.
seed_check() {
    [ -r "$1" ] || die 77 "cannot read $1"
    seed_finding=$(awk '
        /^[.\\]/ { print FNR ": " $1 " is not SQL"; exit }
        toupper($1) ~ /^(COMMIT|ROLLBACK|SAVEPOINT|RELEASE|VACUUM|ATTACH|DETACH);?$/ {
            print FNR ": \"" $1 "\" cannot run in the transaction of the seeds"
            exit
        }
    ' "$1") || die 74 "cannot read $1"
    [ -z "$seed_finding" ] || die 65 "$1:$seed_finding" "write plain SQL; all seeds share one transaction"
}
