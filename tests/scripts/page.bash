# Pages whose commands use the programs of scripts/ as if they were installed.

# To be called in setup(), after use_scratch: the programs are on the path, and the extension is where
# the loader looks.
use_page() {
    local program
    use_documents
    mkdir bin pages
    cp -R "$root/scripts" scripts
    for program in scripts/sqlite-migrate scripts/*.sh; do
        ln -s "../$program" bin/
    done
    PATH=$PWD/bin:$PATH
}

# Text without what differs from run to run: times and durations.
settled() {
    sed -E 's/[0-9]{8}T[0-9]{6}Z/TIME/g; s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z/WHEN/g
        s/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} +[0-9]+ ms/WHEN/; s/"milliseconds":[0-9]+/"milliseconds":N/
        s/ \([0-9]+ ms\)$/ (N ms)/; s/ in [0-9]+ ms$/ in N ms/; s/ \([0-9]+ ms, / (N ms, /; s/^([a-z-]+ +[a-z]+ ) +[0-9]+[.][0-9] s  /\1 TIME  /'
}

# Runs the commands of a page in order, and compares what they print with what the page shows. Counts
# them in $commands. Blocks may stand in a list, indented by two blanks.
run_page() { # <page>
    local step
    mkdir steps
    awk '
        /^ *```/ { inside = !inside; if (inside) indent = /^  ```/; sub(/^  ```/, "```") }
        inside && indent { sub(/^  /, "") }
        { sub(/^```console$/, "```elsewhere"); sub(/^```shell-session$/, "```console"); print }
    ' "$root/$1" >pages/page.md
    awk -v out=steps -f "$root/tests/readme/console.awk" pages/page.md
    commands=0
    while [ -f "steps/$((commands + 1)).command" ]; do
        commands=$((commands + 1))
        step=steps/$commands
        as_reader sh "../$step.command" >"$step.output" 2>&1 </dev/null || :
        diff -u <(settled <"$step.expected") <(settled <"$step.output") >"$step.diff" || {
            printf '%s:%s: prints something else:\n' "$1" "$(cat "$step.line")"
            cat "$step.command" "$step.diff"
            return 1
        }
    done
}
