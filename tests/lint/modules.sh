#!/bin/sh
# The list MODULES of the GNUmakefile names every ext/*.c, once.
. tests/lint/lib/prelude.sh
lint_need make

{
    make -s modules | sed 's/^/listed /'
    for file in ext/*.c; do
        name=${file##*/}
        printf 'file %s\n' "${name%.c}"
    done
} | awk '
    { count[$1, $2]++; name[$2] }
    END {
        for (module in name) {
            if (count["listed", module] != 1 || count["file", module] != 1) {
                printf "GNUmakefile:1: MODULES lists %s %d times, ext/ has %d such file\n", module,
                    count["listed", module], count["file", module]
                failed = 1
            }
        }
        exit failed
    }
'
