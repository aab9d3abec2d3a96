# shellcheck shell=sh disable=SC2154
# Configuration in dotenv files, for config_file.sh. They are read, never run.
#
# NAME=VALUE, with `export` before it or not. VALUE is bare (up to blank and #), "in double quotes" with
# \n \r \t \" \\ \$ in it, or 'in single quotes'; both may go over several lines.

# Reads dotenv in $scratch/text.
config_dotenv() {
    config_awk '
        # The place of the quote that ends a text which begins with one, or 0.
        function closing(text, quote,    i, one) {
            for (i = 2; i <= length(text); i++) {
                one = substr(text, i, 1)
                if (one == quote) return i
                if (one == "\\" && quote == "\"") i++
            }
            return 0
        }
        function unescape(text,    i, one, out) {
            for (i = 1; i <= length(text); i++) {
                one = substr(text, i, 1)
                if (one == "\\" && index("nrt\"\\$", substr(text, i + 1, 1)) > 0 && i < length(text)) {
                    one = substr(text, ++i, 1)
                    one = one == "n" ? "\n" : one == "r" ? "\r" : one == "t" ? "\t" : one
                }
                out = out one
            }
            return out
        }
        { sub(/\r$/, "") }
        !open {
            sub(/^[ \t]+/, "")
            if ($0 == "" || /^#/) next
            sub(/^export[ \t]+/, "")
            if (!match($0, /^[A-Za-z_][A-Za-z0-9_.]*[ \t]*=[ \t]*/)) config_bad("something that is not NAME=VALUE")
            name = substr($0, 1, RLENGTH)
            sub(/[ \t]*=[ \t]*$/, "", name)
            text = substr($0, RLENGTH + 1)
            quote = substr(text, 1, 1)
            if (quote != "\"" && quote != "\047") {
                sub(/^#.*/, "", text)
                sub(/[ \t]+#.*/, "", text)
                sub(/[ \t]+$/, "", text)
                secret_emit(name, "text", text)
                next
            }
        }
        open { text = text "\n" $0 }
        {
            end = closing(text, quote)
            open = end == 0
            if (open) next
            if (substr(text, end + 1) !~ /^[ \t]*(#.*)?$/) config_bad("something behind the closing quote")
            text = substr(text, 2, end - 2)
            secret_emit(name, "text", quote == "\"" ? unescape(text) : text)
        }
        END {
            if (failed) exit 65
            if (open) config_bad("a quote without end")
            json_end()
        }
    ' <"$scratch/text" >"$1"
}
