# shellcheck shell=sh disable=SC2034,SC2154
# The outline of a schema: its fingerprint, and its objects, each with a digest; and how two of them differ.
# Needs the part `configuration` of the engine.

# Takes the outline of the database that the functions of the engine work on, as outline $1. The tracking tables
# are no part of it.
outline_take() {
    engine_configuration schema || return 1
    OUTLINE_TABLE=${MIGRATE_TABLE:-migration} awk '
        BEGIN { RS = ORS = "\036"; FS = OFS = "\037"; table = tolower(ENVIRON["OUTLINE_TABLE"]) }
        { name = tolower($2) }
        name == "table " table || name == "table " table "_log" || name == "index " table "_state" { next }
        $1 != "schema" { next }
        { gsub(/\n/, "?", $2); print $2, $4 }
    ' "$scratch/rows" >"$scratch/outline.$1" || die 74 "cannot write into the temporary folder"
}

# Compares outline $2 with outline $1. Where their fingerprints differ, it fails, and outline_difference says
# what is in the second only, what is missing there, and what has changed.
outline_same() {
    outline_difference=$(awk '
        function add(list, name) { return list (list == "" ? "" : "\n") name }
        function say(word, list,    names, count, i, text) {
            count = split(list, names, "\n")
            if (!count) return
            for (i = 1; i <= count && i <= 10; i++) text = text (i > 1 ? ", " : "") names[i]
            if (count > 10) text = text " and " count - 10 " more"
            said = said (said == "" ? "" : "; ") word ": " text
        }
        BEGIN { RS = "\036"; FS = "\037" }
        NR == FNR { first[$1] = $2; next }
        { second[$1] = $2; order[++number] = $1 }
        $1 == "fingerprint" && first[$1] == $2 { same = 1 }
        END {
            if (same) exit
            for (i = 1; i <= number; i++) {
                if (order[i] == "fingerprint") continue
                if (!(order[i] in first)) more = add(more, order[i])
                else if (first[order[i]] != second[order[i]]) other = add(other, order[i])
            }
            for (name in first) if (!(name in second)) less = less "\n" name
            say("unexpected", more)
            say("missing", sorted(substr(less, 2)))
            say("changed", other)
            print said == "" ? "the order of the objects" : said
        }
        function sorted(list,    names, count, i, k, name, out) {
            count = split(list, names, "\n")
            for (i = 2; i <= count; i++) {
                name = names[i]
                for (k = i - 1; k > 0 && names[k] > name; k--) names[k + 1] = names[k]
                names[k + 1] = name
            }
            for (i = 1; i <= count; i++) out = add(out, names[i])
            return out
        }
    ' "$scratch/outline.$1" "$scratch/outline.$2") || die 74 "cannot read the temporary folder"
    [ -z "$outline_difference" ]
}
