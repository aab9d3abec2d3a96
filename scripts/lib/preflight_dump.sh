# shellcheck shell=sh disable=SC2034,SC2154
# The schema dump of a project: whether it is what the folder makes.

dumped_state=
dumped_reason=

# Sets dumped_file to the dump, which is that of the connection unless --schema-file ($schema_file) names one.
dumped_find() {
    dumped_file=$schema_file
    [ -z "$dumped_file" ] || return 0
    dumped_label=$(preflight_label) || exit
    dumped_file=$dump_folder/$dumped_label.sql
}

# Opens it, once. Fails where there is none, or none that is whole; dumped_reason says why.
dumped_open() {
    case $dumped_state in
    open) return ;;
    '') ;;
    *) return 1 ;;
    esac
    dumped_find
    dumped_state=none
    dumped_reason="there is no $dumped_file"
    [ -e "$dumped_file" ] || return 1
    dumped_state=bad
    (dump_open "$dumped_file") 2>"$scratch/preflight/dump" || {
        dumped_reason=$(sed "s/^$program: //" "$scratch/preflight/dump")
        return 1
    }
    dump_open "$dumped_file"
    dumped_state=open
}

drift_check() {
    dumped_open || case $dumped_state in
    none)
        preflight_skip "$dumped_reason; schema-dump.sh writes it"
        return
        ;;
    *)
        preflight_split "$dumped_reason"
        return
        ;;
    esac
    dumped_version=$dump_version
    anew_starts
    if [ "$anew_start" -gt 0 ]; then
        preflight_skip "the folder starts after version $anew_start, and $dumped_file has what came before"
        return
    fi
    dumped_load && dumped_folder && dumped_compare
    preflight_summary="$dumped_file, version $dumped_version"
}

dumped_load() {
    trip_where=dump
    if ! trip_call engine_load_dump "$scratch/dump.sql" || ! trip_call outline_take dump || ! trip_call engine_rows problems; then
        preflight_blame "cannot load the dump $dumped_file: "
        return 1
    fi
    # What the dump says of the files of the folder.
    awk -v check="$preflight_now" 'BEGIN { RS = ORS = "\036"; FS = OFS = "\037" }
        $1 == "error" && $2 ~ /^(changed|renamed|missing file)$/ { print check, "error", "the dump is older than a file: " $4, $5 }
    ' "$scratch/rows" >"$scratch/preflight/older" || die 74 "cannot write into the temporary folder"
    cat -- "$scratch/preflight/older" >>"$preflight_findings" || die 74 "cannot write into the temporary folder"
    [ ! -s "$scratch/preflight/older" ] || preflight_result=problem
}

# What the folder makes up to the version of the dump.
dumped_folder() {
    trip_where=folder
    trip_call engine_rows last || {
        preflight_blame
        return 1
    }
    dumped_last=$(report_value)
    if [ "$dumped_version" -gt "$dumped_last" ]; then
        preflight_find error "$dumped_file is of version $dumped_version, and the folder ends with $dumped_last" \
            "take the dump and the folder of the same release"
        return 1
    fi
    if [ "$dumped_version" -gt 0 ]; then
        if ! trip_look || ! trip_call engine_apply "$dumped_version"; then
            preflight_blame
            return 1
        fi
    fi
    trip_call outline_take folder || {
        preflight_blame
        return 1
    }
}

dumped_compare() {
    outline_same folder dump ||
        preflight_find error "$dumped_file is not what the folder makes: $outline_difference" \
            "schema-dump.sh writes it anew; what is in the dump only was made by hand, or by another branch"
}
