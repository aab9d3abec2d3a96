#!/usr/bin/env bats
# Uploads to a server that others have written: s3rver, of the npm registry. It checks no secret and no
# checksum, so it can only show that what we send is understood.

load ../helpers/migrate
load ../helpers/s3
load library
load remote

# Installs it below build/, which is never committed, once. The tests are skipped, and say why, where
# that cannot be done: without node and npm, or without a registry.
setup_file() {
    local root missing=
    root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export s3rver=$root/build/s3rver
    if ! type -P node npm >/dev/null; then
        missing='there is no node and npm to install it with (packages nodejs and npm)'
    elif [ ! -f "$s3rver/node_modules/s3rver/package.json" ]; then
        mkdir -p "$s3rver"
        timeout 100 npm install --prefix "$s3rver" --ignore-scripts --no-audit --no-fund --no-save \
            --fetch-retries 1 s3rver@3.7.1 >"$s3rver/log" 2>&1 ||
            missing="npm could not install it: $(grep -m 1 'npm ERR\|npm error' "$s3rver/log")"
    fi
    export s3rver_missing=$missing
    [ -z "$missing" ] || printf '# SKIPPED: no upload to s3rver is tested: %s\n' "$missing" >&3
}

setup() {
    [ -z "$s3rver_missing" ] || skip "s3rver is not there: $s3rver_missing"
    use_scratch
    node=$(type -P node)
}

teardown() {
    [ -z "${server-}" ] || kill "$server"
}

# Starts it with the bucket `copies`.
s3rver_start() {
    mkdir objects
    mkfifo port
    NODE_PATH=$s3rver/node_modules "$node" -e '
        const S3rver = require("s3rver");
        const server = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory: "objects",
            configureBuckets: [{ name: "copies" }] });
        server.run().then(address => require("fs").writeFileSync("port", address.port + "\n"));
        setTimeout(() => process.exit(1), 600000);
    ' </dev/null >log 2>&1 3>&- &
    server=$!
    exec 8<>port
    read -r -t 30 -u 8 s3_port
    exec 8>&-
    s3_environment "$s3_port" S3RVER S3RVER
}

# Uploads twice: the second time there is nothing to do. Then another file is in the way.
round_trip() { # <client>
    use_remote_alone "$1"
    s3rver_start
    upload daily/app
    cmp "$file" "objects/copies/daily/app/${file#*/}._S3rver_object"
    cmp "$file.sha256" "objects/copies/daily/app/${file#*/}.sha256._S3rver_object"
    upload daily/app
    make_file 3000
    run --separate-stderr -73 upload daily/app
    [ "${stderr_lines[0]}" = "test: s3://copies/daily/app/${file#*/} is there already, and is something else" ]
    run --separate-stderr -66 library 'remote_upload "$@"' "$file" s3://elsewhere
    [ "${stderr_lines[0]}" = "test: there is no bucket elsewhere" ]
    [ "$(ls objects)" = copies ]
}

@test "remote through curl: works with a server that others have written" {
    round_trip curl
}

@test "remote through rclone: works with a server that others have written" {
    round_trip rclone
}

@test "remote through aws: works with a server that others have written" {
    round_trip aws
}
