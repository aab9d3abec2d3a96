# shellcheck shell=sh disable=SC2034,SC2154
# What differs between the files of two environments, in words.

# Prints the name of the key of file $1, as a person reads it.
drift_key_of() (
    key=$(connection_decode "${1%.json}") || key=$1.
    printf '%s' "${key%.}" | tr '\000-\037\177' '?'
)

# Lists the files of environments $1 and $2, each name once, in $scratch/names.
drift_list() {
    for drift_environment; do
        for drift_file in "$environment_folder/$drift_environment"/*.json; do
            [ ! -f "$drift_file" ] || printf '%s\n' "${drift_file##*/}"
        done
    done >"$scratch/found"
    sort -u "$scratch/found" >"$scratch/names"
}

# Compares the files $drift_name.
drift_compare_file() {
    drift_key=$(drift_key_of "$drift_name")
    drift_missing=
    for drift_environment in "$drift_a" "$drift_b"; do
        drift_file=$environment_folder/$drift_environment/$drift_name
        if [ ! -e "$drift_file" ]; then
            drift_missing=yes
            printf '%s: %s has no file %s\n' "$drift_key" "$drift_environment" "${drift_file#./}"
        elif [ ! -f "$drift_file" ] || [ ! -r "$drift_file" ]; then
            die 77 "cannot read ${drift_file#./}" "check its owner and its mode"
        else
            drift_check "$drift_file"
        fi
    done
    if [ -n "$drift_missing" ]; then
        drift_differ=yes
    elif ! cmp -s "$environment_folder/$drift_a/$drift_name" "$environment_folder/$drift_b/$drift_name"; then
        drift_differ=yes
        drift_words
    fi
}

# Ends the program when file $1 is not one that this program wrote.
drift_check() {
    awk '
        NR == 1 { if ($0 != "{") exit 1; next }
        ended { ended = 0; exit 1 }
        $0 == "}" { ended = 1; next }
        !/^  "([^"\\]|\\.)*": [^ ]/ { exit 1 }
        END { exit !ended }
    ' "$1" || die 65 "${1#./} is not a file that $program wrote" "write it anew: $program $drift_environment"
}

# Says how the two files differ.
drift_words() {
    DRIFT_KEY=$drift_key awk -v a="$drift_a" -v b="$drift_b" '
        FNR == 1 { side++ }
        match($0, /^  "([^"\\]|\\.)*": /) {
            name = substr($0, 4, RLENGTH - 6)
            text = substr($0, RLENGTH + 1)
            sub(/,$/, "", text)
            if (!((1, name) in value) && !((2, name) in value)) order[++names] = name
            value[side, name] = text
        }
        function shown(side, name) { return (side, name) in value ? value[side, name] : "nothing" }
        END {
            for (i = 1; i <= names; i++) {
                name = order[i]
                if (shown(1, name) != shown(2, name))
                    print ENVIRON["DRIFT_KEY"] ": " name ": " a " has " shown(1, name) ", " b " has " shown(2, name)
            }
        }
    ' "$environment_folder/$drift_a/$drift_name" "$environment_folder/$drift_b/$drift_name"
}
