# shellcheck shell=sh disable=SC2034,SC2154
# Flat JSON objects: one name a line, in the order of the bytes of the names, the same bytes for the
# same content. Text is written as UTF-8; control characters are escaped, and a byte that is not UTF-8
# is written as \udcXX, so that nothing is lost and the result is valid.

# Functions for awk programs. json_emit prints a line that json_object understands; kind is `text`, or
# the value is JSON already. A name that comes again gets a number: nothing is left out. json_end comes
# last; without it the lines were cut off, which not every awk notices on a full disk.
json_functions='
    function json_begin(    i) {
        for (i = 1; i < 256; i++) {
            json_byte[i] = sprintf("%c", i)
            json_code[json_byte[i]] = i
            json_hex[json_byte[i]] = sprintf("%02X", i)
            json_unhex[sprintf("%02X", i)] = json_byte[i]
        }
        # The byte 0 is no part of a text everywhere; this form of it is not UTF-8 either.
        json_unhex["00"] = json_byte[192] json_byte[128]
    }
    function json_bytes(digits,    i, out) {
        for (i = 1; i < length(digits); i += 2) out = out json_unhex[substr(digits, i, 2)]
        return out
    }
    function json_digits(text,    i, out) {
        for (i = 1; i <= length(text); i++) out = out json_hex[substr(text, i, 1)]
        return out
    }
    # The length of the UTF-8 character at place i of a text; 0 when there is none.
    function json_length(text, i,    first, second, count, k, next_code) {
        first = json_code[substr(text, i, 1)]
        second = json_code[substr(text, i + 1, 1)] + 0
        if (first >= 194 && first <= 223) count = 2
        else if (first >= 224 && first <= 239) count = 3
        else if (first >= 240 && first <= 244) count = 4
        else return 0
        if ((first == 224 && second < 160) || (first == 237 && second > 159)) return 0
        if ((first == 240 && second < 144) || (first == 244 && second > 143)) return 0
        for (k = 1; k < count; k++) {
            next_code = json_code[substr(text, i + k, 1)] + 0
            if (next_code < 128 || next_code > 191) return 0
        }
        return count
    }
    function json_quote(text,    i, out, one, code, count) {
        if (text !~ /[^]!#-[^-~ ]/) return "\"" text "\""
        for (i = 1; i <= length(text); i++) {
            one = substr(text, i, 1)
            code = json_code[one] + 0
            if (one == "\"" || one == "\\") out = out "\\" one
            else if (one == "\n") out = out "\\n"
            else if (one == "\t") out = out "\\t"
            else if (one == "\r") out = out "\\r"
            else if (code < 32 || code == 127) out = out sprintf("\\u%04x", code)
            else if (code < 127) out = out one
            else {
                count = json_length(text, i)
                if (count == 0) out = out sprintf("\\udc%02x", code)
                else if (code == 194 && json_code[substr(text, i + 1, 1)] < 160)
                    out = out sprintf("\\u%04x", json_code[substr(text, i + 1, 1)])
                else out = out substr(text, i, count)
                if (count > 1) i += count - 1
            }
        }
        return "\"" out "\""
    }
    # JSON of others, in which bytes may stand that are not UTF-8.
    function json_mend(text,    i, out, code, count) {
        if (text !~ /[^ -~]/) return text
        for (i = 1; i <= length(text); i += count) {
            code = json_code[substr(text, i, 1)] + 0
            count = code < 128 ? 1 : json_length(text, i)
            out = out (count ? substr(text, i, count) : sprintf("\\udc%02x", code))
            if (!count) count = 1
        }
        return out
    }
    function json_emit(name, kind, value,    free) {
        free = name
        while (free in json_taken) free = name " (" ++json_taken[name] + 1 ")"
        json_taken[free] = 0
        print json_digits(free) "\t" json_quote(free) ": " (kind == "text" ? json_quote(value) : value)
    }
    function json_end() { print "end" }
'

# Writes the lines in file $1 as an object into file $2.
json_object() {
    json_written=$(tail -n 1 "$1")
    [ "$json_written" = end ] || json_written=no
    sort "$1" >"$scratch/sorted" 2>"$scratch/error" || json_written=no
    awk '
        BEGIN { print "{" }
        $0 == "end" { next }
        { if (lines++) print line ","; line = "  " substr($0, index($0, "\t") + 1) }
        END { if (lines) print line; print "}" }
    ' "$scratch/sorted" >"$2" 2>"$scratch/error" || json_written=no
    [ "$json_written" = end ] || die 74 "cannot write in the temporary folder" "check TMPDIR and the free space"
}
