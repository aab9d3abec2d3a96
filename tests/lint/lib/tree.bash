# A small source tree on which every linter is content, for the tests to spoil.

# Makes the tree and goes there.
tree_make() {
    local top
    top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd) || return
    tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree"/{.ci,build,ext,scripts/lib,tests/lint} || return
    cd "$tree" || return
    cp -r "$top/tests/lint/." tests/lint || return
    cp "$top/.clang-format" "$top/.clang-tidy" "$top/.shellcheckrc" . || return
    awk '/^MODULES :=/ { print "MODULES := sample"; skip = 1 } !skip { print } !/\\$/ { skip = 0 }' \
        "$top/GNUmakefile" >GNUmakefile || return
    printf 'compiler\nsample\n' >ext/LAYERS
    printf '#ifndef MIG_COMPILER_H\n#define MIG_COMPILER_H\n#endif\n' >ext/compiler.h
    printf '/* The sample. */\n#include "compiler.h"\n\n#include "sample.h"\n\n' >ext/sample.c
    printf 'int mig_sample(int count)\n{\n    return count + 1;\n}\n' >>ext/sample.c
    printf '#ifndef MIG_SAMPLE_H\n#define MIG_SAMPLE_H\n\n' >ext/sample.h
    printf '/* One more. */\nint mig_sample(int count);\n\n#endif\n' >>ext/sample.h
    printf '#!/bin/sh\nset -eu\ntrue\n' >scripts/sample
    printf '#!/usr/bin/env bash\nset -u\ntrue\n' >.ci/run
}

# Runs a linter on the tree as it is.
lint() { # <name>
    sh "tests/lint/$1.sh"
}
