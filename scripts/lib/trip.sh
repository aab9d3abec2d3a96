# shellcheck shell=sh disable=SC2034,SC2154
# Up, down, and up again in a scratch database, with the outline of the schema at each turn. Where an operation
# has no way back, the way down ends above it. What goes wrong is a finding of the check.

trip_where=
trip_real= # the name of the real database, where it is one of MySQL

# Calls function $1 of the engine, with $2..., in the scratch database that trip_where names (nothing: the one
# that the engine works on).
trip_call() {
    [ "$connection_engine" = sqlite ] || mirror_forget
    trip_result=0
    if [ -n "$trip_where" ]; then
        engine_at "$trip_where" "$@" || trip_result=1
    else
        "$@" || trip_result=1
    fi
    [ "$connection_engine" = sqlite ] || mirror_forget
    return "$trip_result"
}

# Sets trip_base, the version that the database is at; trip_count, the number of operations that are pending;
# trip_floor, the version below which nothing comes back, trip_floor_name, the operation that is to blame, and
# trip_above, the number of those above it.
trip_look() {
    trip_call engine_rows current || return 1
    trip_base=$(report_value)
    trip_call engine_rows pending || return 1
    awk -v floor="$trip_base" 'BEGIN { RS = "\036"; FS = "\037" }
        { count++; above++ }
        $8 == 0 { floor = $1; above = 0; name = sprintf("%04d-%s-%s", $1, $2, $3) }
        END { print floor, count + 0, above + 0, name }
    ' "$scratch/rows" >"$scratch/trip" || die 74 "cannot write into the temporary folder"
    read -r trip_floor trip_count trip_above trip_floor_name <"$scratch/trip"
    [ "$connection_engine" != mysql ] || trip_apart
}

# A statement of MySQL may name the database it works on, and would change the real one from a scratch database,
# too. Fails where one may. The mirror is that of the scratch database.
trip_apart() {
    extension_call "$scratch/mirror" "SELECT file_path, code || char(10) || coalesce(rollback_code, '') FROM migrations_pending" || return 1
    trip_named=$(TRIP_NAME=$trip_real awk '
        BEGIN { RS = "\036"; FS = "\037"; name = tolower(ENVIRON["TRIP_NAME"]) }
        {
            rest = tolower($2)
            while ((at = index(rest, name)) > 0) {
                before = substr(rest, 1, at - 1)
                rest = substr(rest, at + length(name))
                if (before ~ /[a-z0-9_$.@]$/ || rest ~ /^[a-z0-9_$]/) continue
                if (before ~ /(^|[^a-z0-9_$])use[ \t\n]+`?$/ || rest ~ /^`?[ \t\n]*[.]/) { print $1; exit }
            }
        }' "$scratch/rows")
    [ -z "$trip_named" ] && return
    engine_status=78
    engine_message="$trip_named names the database $trip_real, and would change it, not a scratch database
hint: leave the name of the database out; --skip goes on without this check"
    return 1
}

# Applies what is pending.
trip_up() {
    if trip_look && trip_call outline_take bottom && trip_to_floor && trip_call engine_apply '' &&
        trip_call outline_take top; then
        return
    fi
    preflight_blame
    return 1
}

# What has no way back comes first, and what is there then is where the way down ends.
trip_to_floor() {
    [ "$trip_floor" -gt "$trip_base" ] || return 0
    trip_call engine_apply "$trip_floor" && trip_call outline_take bottom
}

# Rolls back as far as it goes, and applies again.
trip_down_and_up() {
    if ! trip_call engine_to "$trip_floor" || ! trip_call outline_take again; then
        preflight_blame
        return 1
    fi
    outline_same bottom again ||
        preflight_find error "rolled back to version $trip_floor, the schema is not what it was there: $outline_difference" \
            "the down files have to undo all that the up files do"
    if ! trip_call engine_apply '' || ! trip_call outline_take again; then
        preflight_blame "after all was rolled back: "
        return 1
    fi
    outline_same top again ||
        preflight_find error "applied again, the schema is not what it was: $outline_difference" \
            "what a down file leaves behind changes what its up file does the next time"
}

# Prints how far the way down went.
trip_depth() {
    printf 'operations rolled back and applied again: %s' "$trip_above"
    [ "$trip_floor" -eq "$trip_base" ] ||
        printf '; not those up to %s, which has no down file' "$trip_floor_name"
}
