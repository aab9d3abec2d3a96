#!/usr/bin/env bats
# Each linter passes a clean tree and fails one in which its one thing is wrong.

bats_require_minimum_version 1.8.0
load lib/tree

setup() {
    tree_make
}

@test "layers: fails when a module includes a higher one" {
    lint layers
    printf 'sample\ncompiler\n' >ext/LAYERS
    run -1 lint layers
    [ "${lines[0]}" = "ext/sample.c:2: sample (layer 1) includes compiler.h of the higher layer 2" ]
}

@test "layers: fails for a module without a layer" {
    printf 'int x;\n' >ext/stray.c
    run -1 lint layers
    [ "$output" = "ext/stray.c:1: stray has no layer in ext/LAYERS" ]
}

@test "layers: fails for a layer's module without a file" {
    printf 'gone\n' >>ext/LAYERS
    run -1 lint layers
    [ "$output" = "ext/LAYERS:3: there is no file for gone" ]
}

@test "modules: fails for a file that is not in the list" {
    lint modules
    printf 'int x;\n' >ext/stray.c
    run -1 lint modules
    [ "$output" = "GNUmakefile:1: MODULES lists stray 0 times, ext/ has 1 such file" ]
}

@test "modules: fails for a name in the list without a file" {
    rm ext/sample.c
    run -1 lint modules
    [[ $output == *"MODULES lists sample 1 times, ext/ has 0 such file"* ]]
}

@test "owners: fails when another module uses what one module owns" {
    lint owners
    for line in '#include <openssl/evp.h>' '#include <dirent.h>' 'x = sqlite3_prepare_v3(db);' \
        's = "%w_log";' 's = "INSERT INTO x";' 's = "DELETE FROM x";' 's = "sqlite_schema";' \
        'pid = fork();' 'posix_spawn(&pid);' 's = sqlite3_errmsg(db);' 'p = malloc(1);' 'free(p);' \
        '#include <sqlite3ext.h>' 'int x __attribute__((unused));'; do
        printf '%s\n' "$line" >ext/sample.c
        run -1 lint owners
        [[ $output == "ext/sample.c:1: only in "*": $line" ]]
    done
}

@test "owners: says nothing of comments and of names that only look alike" {
    printf '/* sqlite3_errmsg()\n * malloc(1) */ // fork()\nsqlite3_free(p);\nx = y->free(p);\n' >ext/sample.c
    lint owners
}

@test "owners: fails when a script calls the sqlite3 shell itself" {
    # shellcheck disable=SC2016 # text of a script
    for line in 'sqlite3 x.db' '    sqlite3' 'true | sqlite3 x' 'x=$(sqlite3 y)' 'if ! sqlite3 x; then'; do
        printf '%s\n' "$line" >scripts/sample
        run -1 lint owners
        [ "$output" = "scripts/sample:1: only in scripts/lib/sql.sh: $line" ]
    done
    printf '# sqlite3 x\napt-get install sqlite3\n' >scripts/sample
    printf 'sqlite3 x\n' >scripts/lib/sql.sh
    lint owners
}

@test "exports: fails when a second symbol leaves the library" {
    printf 'int sqlite3_migrate_init(void);\nint sqlite3_migrate_init(void)\n{ return 0; }\n' >one.c
    gcc -shared -fPIC -o build/migrate.so one.c
    lint exports
    printf 'int stray;\n' >>one.c
    gcc -shared -fPIC -o build/migrate.so one.c
    run -1 lint exports
    [ "$output" = "build/migrate.so:1: exports stray" ]
}

@test "exports: fails when the entry point is missing, or the library" {
    run -1 lint exports
    [ "${lines[0]}" = "build/migrate.so:1: has not been built" ]
    printf '' | gcc -shared -x c - -o build/migrate.so
    run -1 lint exports
    [ "${lines[-1]}" = "build/migrate.so:1: does not export sqlite3_migrate_init" ]
}

@test "sizes: fails for a file above its limit" {
    lint sizes
    for file in 501:ext/long.c 201:ext/long.h 101:scripts/lib/long.sh 251:scripts/long; do
        seq "${file%%:*}" >"${file#*:}"
        run -1 lint sizes
        [[ $output == "${file#*:}:${file%%:*}: longer than "* ]]
        rm "${file#*:}"
    done
}

@test "names: fails for names that own everything" {
    lint names
    for file in ext/utils.c ext/sql_helper.h scripts/lib/common.sh scripts/misc ext/manager.c; do
        : >"$file"
        run -1 lint names
        [ "$output" = "$file:1: which one thing does it own?" ]
        rm "$file"
    done
}

@test "text: fails for blanks at the end, carriage returns, notes for later, machine paths" {
    lint text
    for line in 'a ' $'a\r' '// TO''DO: more' 'FIX''ME' 'see /ho''me/me/x' 'cd /ro''ot/x'; do
        printf '%s\n' "$line" >scripts/sample
        run -1 lint text
        [[ $output == "./scripts/sample:1: "* ]]
    done
}

@test "text: fails for a last line without its end" {
    printf 'a' >scripts/sample
    run -1 lint text
    [ "$output" = "./scripts/sample: the last line has no end" ]
}

@test "coverage-marks: fails for an exclusion without a reason" {
    lint coverage-marks
    printf 'a(); /* GCOVR_EXCL_LINE: cannot fail */\n' >ext/sample.c
    lint coverage-marks
    for line in '/* GCOVR_EXCL_LINE */' '// GCOVR_EXCL_START' '/* GCOVR_EXCL_LINE: */' '/* LCOV_EXCL_LINE: a b */'; do
        printf '%s\n' "$line" >ext/sample.c
        run -1 lint coverage-marks
        [ "$output" = "ext/sample.c:1: excluded from the coverage without a reason" ]
    done
}

@test "spelling: fails for a misspelt word" {
    lint spelling
    printf '# %s\n' 'rec''ieve' >scripts/sample
    run -1 lint spelling
    [[ $output == *"scripts/sample:1:"* ]]
}

@test "shellcheck: fails for an unquoted variable in programs, tests and CI" {
    lint shellcheck
    variable=$(printf '\0441')
    for file in scripts/sample scripts/lib/sample.sh tests/sample.bats tests/sample.bash .ci/run; do
        mkdir -p "${file%/*}"
        printf '#!/bin/sh\n# shellcheck shell=sh\ncat %s\n' "$variable" >"$file"
        [[ $file != *.bats ]] || printf '@test "a" {\n    cat %s\n}\n' "$variable" >"$file"
        run -1 lint shellcheck
        [[ $output == *SC2086* ]]
        printf '#!/bin/sh\n# shellcheck shell=sh\ntrue\n' >"$file"
    done
}

@test "shfmt: fails for another layout in programs, tests and CI" {
    lint shfmt
    for file in scripts/sample scripts/lib/sample.sh tests/sample.bats tests/sample.bash .ci/run; do
        printf 'if true; then\n  true\nfi\n' >"$file"
        run -1 lint shfmt
        [[ $output == *"+    true"* ]]
        printf 'true\n' >"$file"
    done
}

@test "bashisms: fails for what POSIX shell does not have" {
    lint bashisms
    printf '#!/bin/sh\nf() {\n    local x\n}\n' >scripts/sample
    run -1 lint bashisms
    [[ $output == *"possible bashism in ./scripts/sample line 3"* ]]
}

@test "clang-format: fails for another layout" {
    lint clang-format
    printf 'int  x;\n' >ext/sample.c
    run -1 lint clang-format
    [[ $output == *"ext/sample.c:1:"*"code should be clang-formatted"* ]]
}

@test "clang-tidy: fails for a function with too many parameters" {
    lint clang-tidy
    printf 'int f(int a, int b, int c, int d, int e, int g, int h)\n{\n    return a + b + c + d + e + g + h;\n}\n' \
        >ext/sample.c
    run -1 lint clang-tidy
    [[ $output == *"ext/sample.c:1:"*"readability-function-size"* ]]
}

@test "cppcheck: fails for a read of memory that was never set" {
    lint cppcheck
    printf 'int f(void);\nint f(void)\n{\n    int x;\n    return x;\n}\n' >ext/sample.c
    run -1 lint cppcheck
    [[ $output == *"ext/sample.c:5:"*uninitvar* ]]
}

@test "gcc: fails for a warning of gcc alone, in ext and in tests" {
    lint gcc
    printf 'int f(int x);\nint f(int x)\n{\n    if (x)\n        return 1;\n    else if (x)\n        return 2;\n    return 3;\n}\n' \
        >ext/sample.c
    run -1 lint gcc
    [[ $output == *"ext/sample.c:6:"*duplicated-cond* ]]
    mkdir tests/unit
    printf 'int f(void);\n' >ext/sample.c
    printf 'int f(void)\n{\n    return 0;\n}\n' >tests/unit/a_test.c
    run -1 lint gcc
    [[ $output == *"tests/unit/a_test.c:1:"*missing-prototypes* ]]
}

@test "clang: fails for a warning of clang alone" {
    lint clang
    printf 'int stray_variable;\n' >ext/sample.c
    run -1 lint clang
    [[ $output == *"ext/sample.c:1:"*missing-variable-declarations* ]]
}

@test "analyzer: fails for a file that is never closed" {
    lint analyzer
    printf '#include <stdio.h>\nint f(void);\nint f(void)\n{\n    FILE *p = fopen("a", "r");\n    return p != NULL;\n}\n' \
        >ext/sample.c
    run -1 lint analyzer
    [[ $output == *"ext/sample.c:"*leak* ]]
}

@test "every linter: a missing tool is a failure, not a pass" {
    mkdir "$BATS_TEST_TMPDIR/empty"
    for linter in analyzer:gcc bashisms:checkbashisms clang:clang clang-format:clang-format \
        clang-tidy:clang-tidy cppcheck:cppcheck gcc:gcc modules:make shellcheck:shellcheck \
        shfmt:shfmt spelling:codespell; do
        PATH=$BATS_TEST_TMPDIR/empty run -69 /bin/sh "tests/lint/${linter%:*}.sh"
        [ "${lines[0]}" = "${linter#*:} is not installed" ]
    done
    printf '' >build/migrate.so
    PATH=$BATS_TEST_TMPDIR/empty run -69 /bin/sh tests/lint/exports.sh
    [ "${lines[0]}" = "nm is not installed" ]
}
