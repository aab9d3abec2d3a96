# shellcheck shell=sh disable=SC2034,SC2154
# Whether a dump can take the place of the files that it covers. Two scratch databases are made: one from
# all files (or, where files went before, from the dump that took their place), one from the new dump and
# the files above it. Their schemas have to be the same, and the first one's on the way the dump's.

# Ends the program unless the files that are to go are those that were applied, and new dump $scratch/
# made.sql does what they do. $1 is the dump that is there so far.
prune_check() {
    engine_dump_finding "$dump_version" || engine_die
    prune_finding=$(cat "$scratch/rows")
    [ -z "$prune_finding" ] || die 65 "the files up to version $dump_version stay: $prune_finding"
    [ "$prune_start" -le "$dump_version" ] ||
        die 65 "the folder $prune_shown starts after version $prune_start already, and $engine_shown is at $dump_version"
    prune_other=$(grep -E '_(up|down)\.[a-z]+\.sql$' "$scratch/covered" | grep -v "\.$connection_engine\.sql\$" | tail -n 1) || :
    [ -z "$prune_other" ] ||
        die 65 "the files up to version $dump_version stay: $prune_other is for another kind of database than the dump"
    prune_version=$dump_version
    prune_fingerprint=$dump_fingerprint
    prune_from=0
    [ "$prune_start" -eq 0 ] || prune_check_old "$1"
    prune_list "$prune_from" 999999999999999999 "$scratch/run"
    [ "${MIGRATE_SCRIPTS-}" = on ] || {
        prune_program=$(grep -v '\.sql$' "$scratch/run" | tail -n 1) || :
        [ -z "$prune_program" ] ||
            die 77 "$prune_program is a program, and programs are switched off" "read it, then --scripts on; the proof runs it"
    }
    # All files.
    [ "$prune_from" = "$prune_version" ] ||
        prune_step all engine_apply "$prune_version" "applying all files to an empty database"
    prune_facts all
    [ "$dump_version/$dump_fingerprint" = "$prune_version/$prune_fingerprint" ] ||
        die 65 "the files up to version $prune_version do not give the schema that $engine_shown has" \
            "something was changed beside them: sqlite-migrate verify"
    prune_step all engine_apply '' "applying all files to an empty database"
    prune_facts all
    prune_end=$dump_version/$dump_fingerprint
    # The dump and the others.
    prune_step rest engine_load_dump "$scratch/made.sql" "loading the dump"
    prune_step rest engine_apply '' "applying the other files behind the dump"
    prune_facts rest
    [ "$dump_version/$dump_fingerprint" = "$prune_end" ] ||
        die 65 "the files above version $prune_version give another schema behind the dump than behind the files" \
            "they read rows that a dump does not hold; nothing was removed"
    prune_check_folder
    engine_at_end all
    engine_at_end rest
    dump_version=$prune_version
    dump_fingerprint=$prune_fingerprint
}

# Where files went before, loads dump $1, which took their place, and sets prune_from to its version.
prune_check_old() {
    [ -f "$1" ] || die 66 "the folder $prune_shown starts after version $prune_start, and there is no dump $1 that it starts with" \
        "name the dump that the files went into"
    dump_open "$1"
    { [ "$dump_version" -ge "$prune_start" ] && [ "$dump_version" -le "$prune_version" ]; } ||
        die 65 "the dump $1 is of version $dump_version, the folder starts after version $prune_start, and $engine_shown is at $prune_version" \
            "name the dump that the files went into"
    prune_from=$dump_version
    prune_said=$dump_version/$dump_fingerprint
    prune_step all engine_load_dump "$scratch/dump.sql" "loading the dump $1"
    prune_facts all
    [ "$prune_said" = "$dump_version/$dump_fingerprint" ] || die 65 "the dump $1 is damaged" "take an undamaged copy"
}

# With scratch database $1, calls function $2 with argument $3; $4 says what for.
prune_step() {
    engine_at "$1" "$2" "$3" || die 65 "$4 fails: $engine_message"
}

prune_facts() {
    engine_at "$1" engine_dump_facts || engine_die
}

# Ends the program when the engine would not accept the folder as it is going to be.
prune_check_folder() {
    prune_copy=$scratch/folder
    { mkdir -- "$prune_copy" && cp -R -- "$prune_folder/." "$prune_copy" &&
        printf '%s\n' "$prune_version" >"$prune_copy/.starts-after"; } ||
        die 74 "cannot copy the folder $prune_shown into the temporary folder" "check TMPDIR and the free space"
    (cd -- "$prune_copy" && xargs rm -f -- <"$scratch/covered") || die 74 "cannot write into the temporary folder"
    prune_kept=${MIGRATIONS_DIR-}
    export MIGRATIONS_DIR="$prune_copy"
    prune_step rest engine_verify '' "verifying what would be left"
    export MIGRATIONS_DIR="$prune_kept"
}
