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

# Runs the console blocks of a document, in order, and compares what they print with what the
# document shows. Prints the first difference.
run_console() { # <document>
    local number expected
    mkdir steps
    awk -v out=steps -f "$root/tests/readme/console.awk" "$root/$1"
    for ((number = 1; ; number++)); do
        [ -f "steps/$number.command" ] || break
        as_reader sh -c "$(cat "steps/$number.command")" >"steps/$number.output" 2>&1 </dev/null || :
        expected=steps/$number.expected
        diff -u "$expected" "steps/$number.output" >"steps/$number.diff" || {
            printf '%s:%s: prints something else:\n' "$1" "$(cat "steps/$number.line")"
            cat "steps/$number.command" "steps/$number.diff"
            return 1
        }
    done
    printf '%s commands\n' "$((number - 1))"
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
