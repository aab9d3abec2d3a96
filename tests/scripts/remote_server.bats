#!/usr/bin/env bats
# The S3 server of these tests is strict: an upload that it takes was signed and sent as it has to be.

load ../helpers/migrate
load ../helpers/s3

setup() {
    use_scratch
    s3_start copies
    printf 'hello\n' >file
    sum=$(sha256sum file | cut -d ' ' -f 1)
    md5=$(openssl md5 -binary file | base64)
}

teardown() {
    s3_stop
}

# Puts the file into the bucket, with more arguments for curl. Prints the status of the answer and the
# code in it.
put() { # <argument>...
    curl -q -sS -g --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --aws-sigv4 aws:amz:us-east-1:s3 -T file \
        -w '\n%{http_code}\n' "$AWS_ENDPOINT_URL_S3/copies/key" "$@" | sed -n 's/.*<Code>\(.*\)<\/Code>.*/\1/p; $p' | tr '\n' ' '
}

@test "S3 server of the tests: takes what is signed and whole" {
    [ "$(put -H "x-amz-content-sha256: $sum" -H "Content-MD5: $md5")" = "200 " ]
    cmp file "$s3/buckets/copies/key"
}

@test "S3 server of the tests: refuses what is not signed, or signed with another key" {
    [ "$(curl -q -sS -o answer -w '%{http_code}' -T file "$AWS_ENDPOINT_URL_S3/copies/key")" = 403 ]
    AWS_SECRET_ACCESS_KEY=x
    [ "$(put -H "x-amz-content-sha256: $sum")" = "SignatureDoesNotMatch 403 " ]
    AWS_ACCESS_KEY_ID=x
    [ "$(put -H "x-amz-content-sha256: $sum")" = "InvalidAccessKeyId 403 " ]
    [ "$(s3_objects copies)" = "* " ]
}

@test "S3 server of the tests: refuses a signature of another day, and one without the checksum" {
    [ "$(put -H "x-amz-content-sha256: $sum" -H 'X-Amz-Date: 20200101T000000Z')" = "RequestTimeTooSkewed 403 " ]
    [ "$(put)" = "MissingSecurityHeader 400 " ]
}

@test "S3 server of the tests: refuses a body that has another checksum" {
    [ "$(put -H "x-amz-content-sha256: ${sum%?}$(((16#${sum: -1} + 1) % 10))")" = "XAmzContentSHA256Mismatch 400 " ]
    [ "$(put -H "x-amz-content-sha256: $sum" -H 'Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==')" = "BadDigest 400 " ]
    [ "$(s3_objects copies)" = "* " ]
}

@test "S3 server of the tests: overwrites an object, but not where the client forbids it" {
    printf 'old\n' >"$s3/buckets/copies/key"
    [ "$(put -H "x-amz-content-sha256: $sum" -H 'If-None-Match: *')" = "PreconditionFailed 412 " ]
    [ "$(cat "$s3/buckets/copies/key")" = old ]
    [ "$(put -H "x-amz-content-sha256: $sum")" = "200 " ]
}
