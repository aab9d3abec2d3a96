# Reads the documents: their console blocks, their fenced blocks, the rows of their tables.

# To be called in setup(), after use_scratch: a working directory like the top folder of the project
# with the example in it, where `.load migrate` finds the extension as if it were installed.
use_documents() {
    mkdir top lib
    ln -s "$extension" lib/migrate.so
    cp -R "$root/migrations" top/migrations
}

# Runs a command as a reader of the documents would.
as_reader() { # <command>...
    (cd top && env -i PATH="$PATH" HOME="$BATS_TEST_TMPDIR" LC_ALL=C TZ=UTC USER=ann LD_LIBRARY_PATH=../lib "$@" 3>&-)
}

# Runs the console blocks of a document below a folder ($root), in order, and compares what they
# print with what the document shows. Prints the first difference. Counts them in $commands.
run_console() { # <document> [<folder>]
    local step
    mkdir steps
    awk -v out=steps -f "$root/tests/readme/console.awk" "${2-$root}/$1"
    commands=0
    while [ -f "steps/$((commands + 1)).command" ]; do
        commands=$((commands + 1))
        step=steps/$commands
        as_reader sh "../$step.command" >"$step.output" 2>&1 </dev/null || :
        diff -u "$step.expected" "$step.output" >"$step.diff" || {
            printf '%s:%s: prints something else:\n' "$1" "$(cat "$step.line")"
            cat "$step.command" "$step.diff"
            return 1
        }
    done
}

# Prints the fenced blocks of a language, without their fences.
fenced() { # <document> <language>
    awk -v fence="\`\`\`$2" '
        /^```/ { if (inside) inside = 0; else if ($0 == fence) inside = 1; else inside = 2; next }
        inside == 1 { print }
    ' "$root/$1"
}

# Prints the rows of the tables of a document whose first cell matches a pattern, without the bars
# at both ends; cells are separated by " | ".
table_rows() { # <document> <pattern>
    sed -n 's/^| \(.*\) |$/\1/p' "$root/$1" | grep -E "^($2)" || :
}

# The same, of the section under one heading only.
section_rows() { # <document> <heading>
    awk -v heading="$2" '
        /^#/ { inside = ($0 == heading); rows = 0 }
        inside && /^\| / && ++rows > 2 { sub(/^\| /, ""); sub(/ \|$/, ""); print }
    ' "$root/$1"
}
