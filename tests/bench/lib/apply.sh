# shellcheck shell=sh
# Measures 1 to 3: applying 1,000 operations, with default options and with a commit each, against the
# bare shell with a commit each and with one commit for all. Each leaves a database of its name.
#
# shellcheck disable=SC2119,SC2120 # it is sample_memory that gives them arguments

apply_default() {
    workload_ours default.db "SELECT migrate_apply('tables')" "$@" >out
}
apply_each() {
    workload_ours each.db "SELECT migrate_config('commit_interval', 0)" \
        "SELECT migrate_apply('tables')" "$@" >out
}
apply_bare_each() {
    workload_shell bare_each.db '.read each.sql' "$@" >out
}
apply_bare_all() {
    workload_shell bare_all.db '.read all.sql' "$@" >out
}

apply_prepare() {
    workload_write_tables tables
    apply_default
    workload_print_tables default.db >ddl.sql
    {
        cat ddl.sql
        workload_print_script default.db 1 tables 'BEGIN;' 'COMMIT;'
    } >each.sql
    {
        printf 'BEGIN;\n'
        cat ddl.sql
        workload_print_script default.db 1 tables '' ''
        printf 'COMMIT;\n'
    } >all.sql
    sync
}

# Takes the samples of all of them, and sees to it that they have done the same.
apply_sample() {
    apply_round=0
    while [ "$apply_round" -lt "$rounds" ]; do
        for apply_name in default bare_each bare_all each; do
            rm -f "$apply_name.db"
            sample_time "$apply_name" 1 "apply_$apply_name"
        done
        apply_round=$((apply_round + 1))
    done
    for apply_name in default bare_each bare_all each; do
        rm -f "$apply_name.db"
        sample_memory "$apply_name" "apply_$apply_name"
        workload_dump "$apply_name.db" >"$apply_name.dump"
        cmp default.dump "$apply_name.dump"
    done
}

apply_measure() {
    apply_prepare
    apply_sample
    table_time '1 apply 1,000 operations (shell: a commit each)' default bare_each 0.25
    table_time '2 the same (shell: one commit)' default bare_all 1.4
    table_time '3 the same, commit_interval=0 (shell: a commit each)' each bare_each 1.15
    table_memory '6 peak memory of 1' default bare_each 8
    table_memory '6 peak memory of 2' default bare_all 8
    table_memory '6 peak memory of 3' each bare_each 8
}
