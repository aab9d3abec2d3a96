# Uploads with one client, to a server of the test's own.

# shellcheck disable=SC2016 # what stands in single quotes is for others

# To be called in setup(), after use_scratch: a snapshot in backups/ and a server with the bucket
# `copies`. Of the clients for S3 only the one that is named is found.
use_remote() { # <client>
    use_remote_alone "$1"
    s3_start copies
}

# The same without a server.
use_remote_alone() { # <client>
    use_library checksum curl_config encode remote_place remote_client remote
    mkdir backups
    make_file 3000
    calls=$BATS_TEST_TMPDIR/calls
    : >"$calls"
    use_tools
    use_client "$1"
    export MIGRATE_S3_PAUSE=0
}

# From here on, these programs are found and no others.
use_tools() {
    local tools=(sh dash bash busybox mksh yash env rm rmdir mkdir mktemp mkfifo mv cp ln ls cat head tail cut tr sed awk
        grep sort uniq wc od cmp find date sleep timeout kill chmod id dirname basename readlink sha256sum md5sum sync
        openssl sqlite3 flock df stat gzip)
    mkdir -p bin
    # Missing ones are the business of those who need them.
    # shellcheck disable=SC2046 # one word a path
    ln -s $(type -P "${tools[@]}" || :) bin/
    PATH=$PWD/bin
}

# Adds a client, which writes down its arguments before it runs. Those that the system has come first.
use_client() { # <client>
    local program
    program=$(PATH=/usr/bin:/usr/local/bin:/bin:$PATH type -P "$1")
    rm -f "bin/$1"
    printf '#!/bin/sh\nprintf "%%s\\n" "$0" "$@" >>"%s"\nexec "%s" "$@"\n' "$calls" "$program" >"bin/$1"
    chmod +x "bin/$1"
}

# A snapshot of that many bytes, with its checksum.
make_file() { # <bytes>
    file=backups/default_20260101T120000Z_snapshot.sqlite
    head -c "$1" /dev/urandom >"$file"
    (cd backups && sha256sum "${file#*/}" >"${file#*/}.sha256")
}

# Uploads it, to a prefix of the bucket.
upload() { # [<prefix>]
    library 'remote_upload "$@"' "$file" "s3://copies${1+/$1}"
}

# The file that the server has for a key.
stored() { # <key>
    printf '%s/buckets/copies/%s' "$s3" "$(/usr/bin/python3 -c 'import sys, urllib.parse
print(urllib.parse.quote(sys.argv[1], safe="-._~"))' "$1")"
}

# True when both files are there under the prefix, as they are here.
arrived() { # [<prefix>]
    cmp "$file" "$(stored "${1+$1/}${file#*/}")" && cmp "$file.sha256" "$(stored "${1+$1/}${file#*/}.sha256")"
}

# What every failure says in its last line.
local_stays() {
    printf 'hint: %s stays as it is' "$file"
}
