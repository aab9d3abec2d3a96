# shellcheck shell=sh disable=SC2154
# The captures of an environment that are in the folder. Only files of exactly the form
# ENV_TIMESTAMP.txt are captures; nothing else is read or removed.

# Prints the paths of the captures of environment $1, the oldest first, each with a line end. The
# folder is $environment_folder, without a line end in its name.
capture_list() (
    d='[0-9]'
    # shellcheck disable=SC2231 # a pattern
    for file in "$environment_folder/$1"_$d$d$d$d$d$d$d${d}T$d$d$d$d$d${d}Z.txt; do
        [ ! -f "$file" ] || [ -h "$file" ] || printf '%s\n' "${file##*/}"
    done
)

# Sets capture_newest to the name of the newest capture of environment $1.
capture_find() {
    capture_newest=$(capture_list "$1" | tail -n 1)
    [ -n "$capture_newest" ] ||
        die 66 "there is no capture of $1 in $environment_shown" "$program $1 takes one"
}

# Removes captures of environment $1 until there are $2. That of path $3, the one just taken, stays
# even where the clock went back and others look newer.
capture_keep() {
    capture_list "$1" >"$scratch/captures"
    awk -v keep="$2" -v taken="${3##*/}" '
        $0 != taken { name[++count] = $0 }
        END { for (i = 1; i <= count - keep + 1; i++) print name[i] }
    ' "$scratch/captures" >"$scratch/old"
    while IFS= read -r capture_old; do
        rm -f -- "$environment_folder/$capture_old" 2>"$scratch/error" || die 77 \
            "cannot remove $environment_shown/$capture_old" "check the owner and the permissions of the folder"
    done <"$scratch/old"
}

# Writes the body of capture $1 to file $2.
capture_body() {
    capture_file=$environment_folder/$1
    [ -r "$capture_file" ] || die 77 "cannot read $environment_shown/$1" "check its owner and its mode"
    awk -v last="$capture_end" '
        NR == 1 && !/^environment: / { exit }
        inside { print }
        $0 == "" { inside = 1 }
        { whole = $0 == last }
        END { exit !(inside && whole) }
    ' "$capture_file" >"$2" ||
        die 65 "$environment_shown/$1 is not a whole capture" "remove it, or put back the file as it was"
}
