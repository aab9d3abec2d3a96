#!/usr/bin/env bats
# Telling a monitor how a run goes.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load ../helpers/s3
load library
load remote

setup() {
    use_scratch
    use_library curl_config notify
    s3_start
    url=http://127.0.0.1:$s3_port/ping/5ec3e7-id
}

teardown() {
    s3_stop
}

# Pings with what stands behind the path.
ping() { # [<tail>]
    library 'notify_ping "$@"' "$url" "${1-}"
}

@test "notify: asks for the URL, or for what stands behind it, and says nothing" {
    run --separate-stderr -0 ping /start
    [ "$output$stderr" = "" ]
    ping
    ping /74
    [ "$(cat "$s3/requests")" = "GET /ping/5ec3e7-id/start 200
GET /ping/5ec3e7-id 200
GET /ping/5ec3e7-id/74 200" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "notify: puts it in front of a query, and behind one slash" {
    url+='/?rid=1/2'
    ping /start
    [ "$(cat "$s3/requests")" = "GET /ping/5ec3e7-id/start?rid=1/2 200" ]
}

@test "notify: tries again after a failure" {
    s3_faults 'GET 503 1'
    run --separate-stderr -0 ping
    [ "$stderr" = "" ]
    [ "$(s3_requests GET)" = 2 ]
}

@test "notify: warns of a refusal, and the run goes on" {
    s3_faults 'GET 403'
    run --separate-stderr -0 ping
    [ "$output" = "" ]
    [ "$stderr" = "test: warning: the ping did not arrive: the answer was 403" ]
}

@test "notify: warns of a server that is not there, and the run goes on" {
    url=http://127.0.0.1:1/ping/5ec3e7-id
    run --separate-stderr -0 ping
    [ "$stderr" = "test: warning: the ping did not arrive: nobody answers at the URL" ]
}

@test "notify: warns of a URL that is none, without repeating it" {
    for url in '' 5ec3e7-id file:///etc/passwd $'http://127.0.0.1/\nurl = "x"' 'http://127.0.0.1/5ec 3e7' http://; do
        run --separate-stderr -0 ping
        [ "$output" = "" ]
        [ "$stderr" = "test: warning: the URL to ping begins with neither https:// nor http://, or holds a blank" ]
    done
}

@test "notify: warns where there is no curl, and the run goes on" {
    use_tools
    run --separate-stderr -0 ping
    [ "$stderr" = "test: warning: there is no curl to ping with; install the package curl" ]
}

@test "notify: never shows the URL, in arguments or messages, in any shell" {
    calls=$BATS_TEST_TMPDIR/calls
    : >"$calls"
    use_tools
    for client in curl printf cat sed awk; do
        use_client "$client"
    done
    url=$url'"\x'
    for shell in dash 'bash --posix' 'busybox sh' mksh yash; do
        ping /start
        s3_faults 'GET 403 1'
        run --separate-stderr -0 ping
        [ "$stderr" = "test: warning: the ping did not arrive: the answer was 403" ]
    done
    [ "$(grep -c bin/curl "$calls")" -eq 10 ]
    [ "$(grep -c '^GET /ping/5ec3e7-id' "$s3/requests")" -eq 10 ]
    run -1 grep 5ec3e7 "$calls"
}

@test "notify: heeds no configuration of curl" {
    export HOME=$PWD
    printf 'output = "stolen"\nurl = "%s"\n' "$url/other" >.curlrc
    ping
    [ "$(cat "$s3/requests")" = "GET /ping/5ec3e7-id 200" ]
    [ ! -e stolen ]
}

@test "notify: ends at once with a signal" {
    s3_faults 'GET slow 60'
    mkfifo "$s3/waiting"
    library 'printf "%s\n" "$$" >pid; notify_ping "$@"' "$url" '' 3>&- &
    read -r -t 30 _ <"$s3/waiting"
    kill -s TERM "$(cat pid)"
    local status=0
    wait "$!" || status=$?
    [ "$status" -eq 143 ]
    [ "$(ls -A tmp)" = "" ]
}
