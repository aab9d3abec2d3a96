# An S3 server of one test's own (s3_server.py), and its environment.

# Starts it, with the buckets that are named; its folder is $s3 then, and the variables that the
# clients read are set. To be stopped by s3_stop in teardown().
s3_start() { # [<bucket>]...
    local bucket
    s3=$BATS_TEST_TMPDIR/s3
    mkdir -p "$s3/buckets"
    for bucket; do
        mkdir "$s3/buckets/$bucket"
    done
    mkfifo "$s3/port"
    /usr/bin/python3 -B "$root/tests/helpers/s3_server.py" "$s3" </dev/null >"$s3/log" 2>&1 3>&- &
    s3_process=$!
    exec 8<>"$s3/port"
    read -r -t 30 -u 8 s3_port
    exec 8>&-
    s3_environment "$s3_port" tests3key 'te\st/"secret"+key=='
}

# Sets what the clients read, for the server at a port of this machine.
s3_environment() { # <port> <key> <secret>
    unset AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_DEFAULT_REGION AWS_PROFILE AWS_CA_BUNDLE
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
    export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$1 AWS_REGION=us-east-1
    export AWS_ACCESS_KEY_ID=$2 AWS_SECRET_ACCESS_KEY=$3
}

# Starts it again, as a server that speaks TLS with a certificate of its own ($s3/tls.pem).
s3_restart_tls() {
    s3_stop
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1 -days 2 \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$s3/key.pem" -out "$s3/certificate.pem" 2>/dev/null
    cat "$s3/key.pem" "$s3/certificate.pem" >"$s3/tls.pem"
    rm "$s3/port"
    s3_start
    AWS_ENDPOINT_URL_S3=https://127.0.0.1:$s3_port
}

s3_stop() {
    [ -z "${s3_process-}" ] || kill "$s3_process" 2>/dev/null || :
    s3_process=
}

# What is to go wrong from here on: lines METHOD KIND [NUMBER], see s3_server.py.
s3_faults() { # [<line>]...
    printf '%s\n' "$@" >"$s3/faults"
}

# The names in a bucket, on one line.
s3_objects() { # <bucket>
    (cd "$s3/buckets/$1" && printf '%s ' *)
}

# How many requests of a method there were so far.
s3_requests() { # <method>
    grep -c "^$1 " "$s3/requests" || :
}
