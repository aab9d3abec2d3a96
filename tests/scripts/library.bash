# Parts of scripts/lib/ by themselves, for what no program shows alone.

# To be called in setup(), after use_scratch.
use_library() { # <library>...
    libraries=$*
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir "$TMPDIR"
    rmdir "$folder"
}

# Runs a text as a program called `test` that has the libraries, in the shell $shell (words without
# quotes), else in sh.
library() { # <text> [<argument>]...
    local text=$1 name sources=
    shift
    for name in $libraries; do
        sources="$sources . \"\$here/lib/$name.sh\";"
    done
    # shellcheck disable=SC2086 # `busybox sh` is two words
    ${shell-sh} -c "set -eu; here=\$1; shift; . \"\$here/lib/program.sh\"; $sources program=test; $text" \
        test "$root/scripts" "$@" </dev/null
}
