# shellcheck shell=sh
# Measures 4 and 5: nothing to do, and one new operation, where 10,000 are applied; and whether memory
# grows with the code that is stored. `applied` is the name of the folder and of its database; the new
# operation waits in `applied`.new.
#
# shellcheck disable=SC2119,SC2120 # it is sample_memory that gives them arguments

applied_select() {
    workload_shell "$applied.db" 'SELECT 1' "$@" >out
}
applied_load() {
    workload_ours "$applied.db" 'SELECT 1' "$@" >out
}
applied_run() {
    workload_ours "$applied.db" "SELECT migrate_apply('$applied')" "$@" >out
}
applied_bare_run() {
    workload_shell "$applied.db" ".read $applied.sql" "$@" >out
}

# Runs a command while the new operation is in the folder; afterwards it was never there.
applied_with_new() {
    mv "$applied.new"/* "$applied"
    "$@"
    mv "$applied/$applied_date" "$applied.new"
    workload_shell "$applied.db" 'DELETE FROM migration WHERE version > 10000;
        DELETE FROM migration_log WHERE version > 10000; DELETE FROM items WHERE id > 10000'
}

# Applies the new operation and writes the bare shell's script for it.
applied_write_script() {
    applied_run
    workload_print_script "$applied.db" 10001 "$applied" 'BEGIN;' 'COMMIT;' >"$applied.sql"
    workload_dump "$applied.db" >ours.dump
}

# Sees to it that the bare shell does the same.
applied_check_script() {
    applied_bare_run
    workload_dump "$applied.db" >bare.dump
    cmp ours.dump bare.dump
}

# Makes the folder $1, with $2 bytes of code an operation ($3: "down" for down files), and its database.
applied_prepare() {
    applied=$1
    workload_write_rows "$applied" 1 10000 "$2" "${3-}"
    workload_write_rows "$applied.new" 10001 10001 "$2" "${3-}"
    applied_date=$(cd "$applied.new" && printf '%s\n' *)
    workload_shell "$applied.db" 'CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL)'
    applied_run
    applied_with_new applied_write_script
    applied_with_new applied_check_script
    sync
}

applied_sample_time() {
    applied_round=0
    while [ "$applied_round" -lt "$((3 * rounds))" ]; do
        sample_time select 5 applied_select
        sample_time load 5 applied_load
        sample_time nothing_new 2 applied_run
        applied_with_new sample_time one_new 1 applied_run
        applied_with_new sample_time bare_one_new 1 applied_bare_run
        applied_round=$((applied_round + 1))
    done
    sample_add one_new_less_commit \
        "$(($(sample_least one_new) - $(sample_least bare_one_new) + $(sample_least select)))"
}

# Times the folder of twice as many files, which are listed and not read.
applied_sample_down() {
    applied_prepare down 100 down
    applied_round=0
    while [ "$applied_round" -lt "$rounds" ]; do
        sample_time down_select 5 applied_select
        sample_time down_nothing_new 2 applied_run
        applied_round=$((applied_round + 1))
    done
}

# Adds samples with the name of the folder in front.
applied_sample_memory() {
    applied_round=0
    while [ "$applied_round" -lt 3 ]; do
        sample_memory "$applied.select" applied_select
        sample_memory "$applied.nothing_new" applied_run
        applied_with_new sample_memory "$applied.one_new" applied_run
        applied_with_new sample_memory "$applied.bare_one_new" applied_bare_run
        applied_round=$((applied_round + 1))
    done
}

# Prints the rows for how much more memory the large code takes than the small, ours and the shell's.
applied_print_growth() {
    [ -f "$sample_dir/small.select.memory" ] || return 0
    table_row "$1" \
        "$(($(sample_most "large.$2.memory") - $(sample_least "small.$2.memory")))" \
        "$(($(sample_most "large.$3.memory") - $(sample_least "small.$3.memory")))" 0.5 MiB
}

applied_measure() {
    applied_prepare small 100
    applied_sample_time
    applied_sample_memory
    table_time '4 nothing to do, 10,000 applied (shell: SELECT 1)' nothing_new select 10
    table_time '  of it: starting the shell, .load' load select ''
    table_time '5 one new, less a commit of the shell (shell: SELECT 1)' \
        one_new_less_commit select 10
    table_memory '6 peak memory of 4' small.nothing_new small.select 8
    table_memory '6 peak memory of 5' small.one_new small.bare_one_new 8

    applied_sample_down
    table_time '  4 with 10,000 down files besides' down_nothing_new down_select ''

    applied_prepare large 2000
    applied_sample_memory
    table_memory '6 peak memory of 4, 2,000 bytes of code each' large.nothing_new large.select 8
    table_memory '6 peak memory of 5, 2,000 bytes of code each' large.one_new large.bare_one_new 8
    applied_print_growth '  growth of 4 from 100 to 2,000 bytes of code' nothing_new select
    applied_print_growth '  growth of 5 from 100 to 2,000 bytes of code' one_new bare_one_new
}
