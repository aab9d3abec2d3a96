# shellcheck shell=sh disable=SC2154
# Configuration in INI files, for config_file.sh.
#
# Sections in brackets; NAME = VALUE or NAME: VALUE; comments are lines that begin with # or ; . Quotes
# around a value go. A line that is indented and sets nothing goes on with the value before it; below a
# secret each indented line does, and up to the end of a key that began with -----BEGIN each line. In a
# section, a name may stand alone.

# Reads INI in $scratch/text.
config_ini() {
    config_awk '
        function trim(text) { sub(/^[ \t]+/, "", text); sub(/[ \t]+$/, "", text); return text }
        function finish(    first) {
            if (name == "") return
            first = substr(value, 1, 1)
            if (length(value) > 1 && first == substr(value, length(value)) && (first == "\"" || first == "\047"))
                value = substr(value, 2, length(value) - 2)
            secret_emit(path name, "text", value)
            name = ""
        }
        { sub(/\r$/, "") }
        name != "" && value ~ /-----BEGIN/ && value !~ /-----END[^\n]*$/ { value = value "\n" trim($0); next }
        /^[ \t]*([#;].*)?$/ { next }
        name != "" && /^[ \t]/ && (!/[=:]/ || secret_name(path name)) { value = value "\n" trim($0); next }
        { finish(); $0 = trim($0) }
        /^\[/ {
            if (!match($0, /^\[.*\]/)) config_bad("a section without its bracket")
            path = config_part(substr($0, 2, RLENGTH - 2)) "/"
            sections++
            next
        }
        match($0, /[=:]/) {
            name = config_part(trim(substr($0, 1, RSTART - 1)))
            value = trim(substr($0, RSTART + 1))
            if (name == "") config_bad("a value without a name")
            next
        }
        !sections || /[^A-Za-z0-9_.-]/ || length($0) > 64 { config_bad("something that is neither a section nor NAME = VALUE") }
        { json_emit(path config_part($0), "json", "null") }
        END { if (!failed) { finish(); json_end() } }
    ' <"$scratch/text" >"$1"
}
