# check-config-drift.sh on servers. A test file defines sql TEXT, which runs statements on $database.

# Writes the files of an environment.
drift() { # <argument>...
    program_run check-config-drift.sh "$@"
}

# Prints a file without its braces, commas and blanks before a line.
facts() { # <environment> <key>
    sed '/^[{}]$/d; s/^  //; s/,$//' "storage/config-drift/$1/$2.json"
}

# The fact of one name.
fact() { # <environment> <key> <name>
    facts "$1" "$2" | awk -v begin="\"$3\": " 'index($0, begin) == 1 { print substr($0, length(begin) + 1) }'
}

# The names of what differs between the schemas that were written last and before, on a line each.
differs() {
    rm -rf storage/config-drift/before
    mv storage/config-drift/now storage/config-drift/before
    drift now schema >said
    drift --compare before now schema | sed -nE '/^schema: fingerprint: /d; s/^schema: //; s/: (before|now) has .*//p' | sort
}

# Expects that each line, `STATEMENT -> NAME, NAME`, changes the digests of exactly these objects.
changes() {
    local line statement names
    drift now schema >said
    while IFS= read -r line; do
        statement=${line%% -> *} names=${line##* -> }
        sql "$statement"
        differs >found
        [ -s found ] || echo nothing >found
        [ "$(cat found)" = "${names//, /$'\n'}" ] || {
            printf '%s\n' "$line"
            cat found
            return 1
        }
    done
}

# Puts a client in front of the real one, which changes the schema before each call, for the first times.
restless() { # <client> <times>
    mkdir -p stubs
    printf '%s\n' "$2" >stubs/left
    cat >"stubs/$1" <<STUB
#!/bin/sh
left=\$(cat '$PWD/stubs/left')
if [ "\$left" -gt 0 ]; then
    echo "\$((left - 1))" >'$PWD/stubs/left'
    '$PWD/stubs/change' "\$left"
fi
exec '$(type -P "$1")' "\$@"
STUB
    cat >stubs/change
    chmod +x "stubs/$1" stubs/change
}
