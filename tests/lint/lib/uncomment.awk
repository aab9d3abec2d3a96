# Blanks out the comments of a C file. Lines, strings and character literals stay as they are.

{
    out = ""
    rest = $0
    while (rest != "") {
        if (inside) {
            at = index(rest, "*/")
            if (at == 0) {
                break
            }
            rest = substr(rest, at + 2)
            inside = 0
        } else if (match(rest, /\/\*|\/\/|"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/)) {
            word = substr(rest, RSTART, RLENGTH)
            out = out substr(rest, 1, RSTART - 1)
            rest = substr(rest, RSTART + RLENGTH)
            if (word == "/*") {
                out = out " "
                inside = 1
            } else if (word == "//") {
                break
            } else {
                out = out word
            }
        } else {
            out = out rest
            break
        }
    }
    print out
}
