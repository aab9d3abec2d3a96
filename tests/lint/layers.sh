#!/bin/sh
# A file of ext/ includes headers of its own layer and of lower ones only. ext/LAYERS has one line
# a layer, the lowest first, and on it the names of its modules.
. tests/lint/lib/prelude.sh

find ext \( -name '*.[ch]' -o -name '*.def' \) -exec awk '
    FILENAME == "ext/LAYERS" {
        for (i = 1; i <= NF; i++) {
            if ($i in layer) {
                report(FILENAME ":" FNR ": " $i " is listed twice")
            }
            layer[$i] = FNR
        }
        next
    }
    FNR == 1 {
        module = FILENAME
        sub(/^ext\//, "", module)
        sub(/\.[a-z]+$/, "", module)
        seen[module] = 1
        if (!(module in layer)) {
            report(FILENAME ":1: " module " has no layer in ext/LAYERS")
        }
    }
    match($0, /^[ \t]*#[ \t]*include[ \t]*"[^"]*"/) {
        header = substr($0, RSTART, RLENGTH)
        gsub(/.*include[ \t]*"|"$/, "", header)
        other = header
        sub(/\.[a-z]+$/, "", other)
        if (!(other in layer)) {
            report(FILENAME ":" FNR ": " header " has no layer in ext/LAYERS")
        } else if (module in layer && layer[other] > layer[module]) {
            report(FILENAME ":" FNR ": " module " (layer " layer[module] ") includes " header \
                " of the higher layer " layer[other])
        }
    }
    function report(text) {
        print text
        failed = 1
    }
    END {
        for (module in layer) {
            if (!(module in seen)) {
                report("ext/LAYERS:" layer[module] ": there is no file for " module)
            }
        }
        exit failed
    }
' ext/LAYERS {} +
