# A copy of what the programs of scripts/ work on, and stand-ins for the programs that they start.

# To be called in setup(), after use_scratch: the working directory is a copy of the project without
# its sources, and only programs below it are found.
use_project() {
    local tool
    rmdir "$folder"
    mkdir -p tests build tools stubs
    cp -R "$root/scripts" "$root/migrations" .
    calls=$BATS_TEST_TMPDIR/calls
    : >"$calls"
    for tool in /usr/bin/* /bin/* /usr/sbin/ldconfig /sbin/ldconfig; do
        ln -s "$tool" "tools/${tool##*/}" 2>/dev/null || :
    done
    rm -f tools/apt-get tools/dnf tools/apk tools/brew tools/sudo
    # What a machine has that can build: not what is tested here.
    stub make "mkdir -p build; cp '$extension' build/migrate.so"
    stub id 'echo 0'
}

# Puts a program in front of the real one. It writes its call down, then runs the text.
stub() { # <name> [<text>]
    printf '#!/bin/sh\nprintf "%%s\\n" "%s $*" >>"%s"\n%s\n' "$1" "$calls" "${2-}" >"stubs/$1"
    chmod +x "stubs/$1"
}

# The development files of SQLite and OpenSSL are missing until a package manager was called.
libraries_missing() {
    stub pkg-config "[ -e '$BATS_TEST_TMPDIR/installed' ]"
}

# A package manager that has what is missing.
manager() { # <name>
    stub "$1" "case \" \$* \" in *' install '* | *' add '*) : >'$BATS_TEST_TMPDIR/installed' ;; esac"
}

in_project() { # <command>...
    env -i PATH="$BATS_TEST_TMPDIR/stubs:$BATS_TEST_TMPDIR/tools" HOME="$BATS_TEST_TMPDIR" TMPDIR="$BATS_TEST_TMPDIR" "$@"
}
