# shellcheck shell=sh disable=SC2154
# The only place that removes snapshots. The settings are keep_last, keep_daily, keep_weekly and
# keep_monthly (a number each, 0 or nothing for none; all of them 0 or nothing: nothing is ever removed),
# and min_keep, how many snapshots of a label stay whatever those say (3, and never less than 1).
# retention_dry_run=yes prints what would be removed, a base name a line, and removes nothing.
#
# retention_plan.sh decides what goes. Before any of it goes, the newest min_keep of what stays are read
# again: what no longer matches its checksum is not counted, and where too few are good nothing is
# removed. The caller holds the lock of the label.

# Ends the program when setting $2 of option $1 is not a number.
retention_number_check() {
    case $2 in
    *[!0-9]*) die 64 "option $1: \"$2\" is not a number" "it is how many snapshots are to stay; 0 is none" ;;
    ????????*) die 64 "option $1: $2 is too large" ;;
    *) ;;
    esac
}

# Ends the program when a setting is wrong; to be called before a snapshot is taken.
retention_check() {
    retention_number_check --keep-last "${keep_last-}"
    retention_number_check --keep-daily "${keep_daily-}"
    retention_number_check --keep-weekly "${keep_weekly-}"
    retention_number_check --keep-monthly "${keep_monthly-}"
    retention_number_check --min-keep "${min_keep-}"
}

# True when there is anything to keep by.
retention_active() {
    case ${keep_last-}${keep_daily-}${keep_weekly-}${keep_monthly-} in
    *[1-9]*) ;;
    *) return 1 ;;
    esac
}

# Prunes the snapshots of label $1.
retention_run() {
    retention_check
    retention_active || return 0
    scratch_make
    retention_least=${min_keep:-3}
    [ "$retention_least" -ge 1 ] || retention_least=1
    store_list "$1" >"$scratch/snapshots" || die 74 "cannot list the snapshots in ${store#./}"
    retention_now=$(date -u +%Y%m%dT%H%M%SZ) || die 1 "cannot read the clock"
    retention_plan "$1" "$retention_now" "${keep_last:-0}" "${keep_daily:-0}" "${keep_weekly:-0}" \
        "${keep_monthly:-0}" "$retention_least" <"$scratch/snapshots" >"$scratch/plan" ||
        die 74 "cannot decide which snapshots of $1 stay"
    # The oldest first, so that what is interrupted leaves no hole in the newer ones.
    awk '$1 == "remove" { name[++names] = $2 } END { while (names > 0) print name[names--] }' \
        "$scratch/plan" >"$scratch/remove" || die 74 "cannot write into the temporary folder"
    [ -s "$scratch/remove" ] || return 0
    retention_prove "$1"
    if [ "${retention_dry_run-}" = yes ]; then
        cat "$scratch/remove"
    else
        retention_remove
    fi
}

# Reads what stays, newest first, until enough of it is good.
retention_prove() {
    retention_good=0
    retention_bad=
    while [ "$retention_good" -lt "$retention_least" ] && read -r retention_verdict retention_name; do
        [ "$retention_verdict" = keep ] || continue
        if checksum_matches "$store/$retention_name" </dev/null; then
            retention_good=$((retention_good + 1))
        else
            warn "$retention_name does not match its checksum"
            retention_bad=$retention_name
        fi
    done <"$scratch/plan"
    [ "$retention_good" -ge "$retention_least" ] || die 65 \
        "nothing was removed: $retention_good of the snapshots of $1 that would stay are good, and $retention_least must be" \
        "move ${retention_bad:-what is damaged} and its .sha256 out of ${store#./}"
}

# A snapshot goes before its checksum: a snapshot without one would look as if it had never been proven.
retention_remove() {
    retention_status=0
    while read -r retention_name; do
        # By this second name the next run knows the checksum that a killed one leaves alone; see publish.sh.
        [ -z "${publish_folder-}" ] || ln -- "$store/$retention_name.sha256" "$publish_folder" 2>/dev/null || :
        for retention_file in "$retention_name" "$retention_name.sha256"; do
            rm -f -- "$store/$retention_file" 2>"$scratch/error" && continue
            retention_reason=$(tail -n 1 "$scratch/error")
            case $retention_reason in
            *ermi* | *ead-only*) retention_status=77 ;;
            *) [ "$retention_status" -ne 0 ] || retention_status=74 ;;
            esac
            warn "cannot remove $retention_file: ${retention_reason##*: }"
            break
        done
    done <"$scratch/remove"
    [ "$retention_status" -eq 0 ] || die "$retention_status" "not all of the snapshots that are too many could be removed" \
        "check the permissions in ${store#./}, and lsattr"
}
