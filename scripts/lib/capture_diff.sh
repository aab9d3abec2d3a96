# shellcheck shell=sh disable=SC2034,SC2154
# What differs between two captures, in words.

# Says how the bodies of environments $1 and $2 differ. An operation is the same where version, task
# and description are.
capture_words() {
    awk -v a="$1" -v b="$2" '
        function several(count, what) { return count " " what (count == 1 ? "" : "s") }
        function show(title, lines, count) {
            if (!count) return
            printf "%s\n%s", title, lines
            shown = 1
        }
        function is_there(side, key) { return (side, key) in state }
        function completed(side, key) { return is_there(side, key) && state[side, key] == "completed" }
        # What one of them lacks: completed there, not completed here.
        function lacks(side, other, name, name_other,    i, key, count, lines) {
            for (i = 1; i <= keys; i++) {
                key = order[i]
                if (!completed(other, key) || completed(side, key)) continue
                count++
                told[key] = 1
                lines = lines "  " label[key] "  (" \
                    (is_there(side, key) ? state[side, key] : "not known") " in " name ")\n"
            }
            show(name " lacks " several(count, "operation") " that " name_other " has:", lines, count)
        }
        function unknown(side, other, name, name_other,    i, key, count, lines) {
            for (i = 1; i <= keys; i++) {
                key = order[i]
                if (is_there(side, key) || key in told) continue
                count++
                told[key] = 1
                lines = lines "  " label[key] "  (" state[other, key] " in " name_other ")\n"
            }
            show(name " does not know " several(count, "operation") " that " name_other " knows:", lines, count)
        }
        function differs(what, title,    i, key, count, lines) {
            for (i = 1; i <= keys; i++) {
                key = order[i]
                if (!is_there(1, key) || !is_there(2, key)) continue
                if (what == "state" && key in told) continue
                if (column[what, 1, key] == column[what, 2, key]) continue
                count++
                lines = lines "  " label[key] "  (" column[what, 1, key] " in " a ", " \
                    column[what, 2, key] " in " b ")\n"
            }
            show(several(count, "operation") (count == 1 ? " differs" : " differ") " in " title ":", lines, count)
        }
        function problems(side, other, name,    i, count, lines) {
            for (i = 1; i <= problem_count[side]; i++) {
                if ((other, problem[side, i]) in has_problem) continue
                count++
                lines = lines "  " problem[side, i] "\n"
            }
            show("only " name " has " several(count, "problem") ":", lines, count)
        }
        FNR == 1 { side++; table = 0 }
        table && NF == 8 {
            key = $1 " " $2 " " $3
            if (!(key in label)) {
                order[++keys] = key
                label[key] = sprintf("%s  %s  %s", $1, $2, $3)
            }
            state[side, key] = column["state", side, key] = $5
            column["findings", side, key] = $6
            column["checksum", side, key] = $7
            column["file", side, key] = $8
            next
        }
        !table && $1 == "version" { table = 1; next }
        !table && /^problem: / {
            problem[side, ++problem_count[side]] = substr($0, 10)
            has_problem[side, substr($0, 10)] = 1
            next
        }
        !table && /^[a-z]+: / { text[side, $1] = $2 }
        END {
            count = text[1, "version:"] != text[2, "version:"]
            show(a " is at version " text[1, "version:"] ", " b " at version " text[2, "version:"], "", count)
            lacks(1, 2, a, b)
            lacks(2, 1, b, a)
            unknown(1, 2, a, b)
            unknown(2, 1, b, a)
            differs("state", "state")
            differs("checksum", "checksum")
            differs("file", "the name of the file")
            differs("findings", "findings")
            count = text[1, "fingerprint:"] != text[2, "fingerprint:"]
            show("the schemas differ:", "  fingerprint " text[1, "fingerprint:"] " in " a "\n  fingerprint " \
                text[2, "fingerprint:"] " in " b "\n", count)
            problems(1, 2, a)
            problems(2, 1, b)
            show("the captures differ in another way: compare the files", "", !shown)
        }
    ' "$scratch/a" "$scratch/b"
}
