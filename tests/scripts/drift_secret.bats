#!/usr/bin/env bats
# check-config-drift.sh: secrets are hidden, and can be compared all the same.

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    unset DATABASE_URL
    kept=storage/config-drift/staging
}

# What is written in the place of a secret.
hash_of() { # <text>
    printf 'sha256:%s' "$(printf '%s' "$1" | sha256sum | cut -d' ' -f1)"
}

# What is kept of one environment variable, without its quotes.
kept_of() { # <name> <value>
    export "$1=$2"
    drift staging "env:$1" >out || return
    sed -n "s/^  \"$1\": \"\(.*\)\"\$/\1/p" "$kept/env%3A$1.json"
}

@test "drift: hides values whose names look secret, in any case of letters" {
    local name
    for name in DB_PASSWORD db_passwd AppPwd CLIENT_SECRET apiToken STRIPE_KEY SENTRY_DSN AWS_CREDENTIALS PRIVATE_X \
        BASIC_AUTH HASH_SALT PEPPER SESSION_COOKIE WEBHOOK_URL JWT Signature PASSPHRASE; do
        [ "$(kept_of "$name" hunter2)" = "$(hash_of hunter2)" ]
    done
    run ! grep -r hunter2 storage
}

@test "drift: hides them whatever the locale of the caller is" {
    export LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8
    [ "$(kept_of API_CREDENTIALS hunter2)" = "$(hash_of hunter2)" ]
    [ "$(kept_of SIGNING_SECRET hunter2)" = "$(hash_of hunter2)" ]
}

@test "drift: shows values whose names do not look secret" {
    [ "$(kept_of APP_NAME hunter2)" = hunter2 ]
    [ "$(kept_of APP_URL 'https://example.com:8080/a?b=c#d')" = 'https://example.com:8080/a?b=c#d' ]
    [ "$(kept_of APP_MAIL 'ann@example.com')" = 'ann@example.com' ]
    [ "$(kept_of APP_REPO 'ssh://git@example.com/x')" = 'ssh://git@example.com/x' ]
    [ "$(kept_of APP_TIME '10:30 @ home')" = '10:30 @ home' ]
    [ "$(kept_of APP_HOST 'https://auth.example.com:8443/token')" = 'https://auth.example.com:8443/token' ]
}

@test "drift: shows that a secret is empty, and what is no text" {
    [ "$(kept_of DB_PASSWORD '')" = '' ]
    grep -qx '  "DB_PASSWORD": ""' "$kept/env%3ADB_PASSWORD.json"
    echo '{"token": null, "auth": {"on": true, "off": false, "pin": 1234, "list": []}}' >app.json
    drift staging file:app.json >out
    [ "$(cat "$kept/file%3Aapp.json.json")" = "{
  \"auth/list\": [],
  \"auth/off\": false,
  \"auth/on\": true,
  \"auth/pin\": \"$(hash_of 1234)\",
  \"token\": null
}" ]
}

@test "drift: hides what is in something whose name looks secret" {
    echo '{"secrets": {"db": "hunter2", "list": ["hunter2"]}}' >app.json
    printf '[credentials]\nuser = hunter2\n' >app.ini
    drift staging file:app.json file:app.ini >out
    [ "$(cat "$kept"/*)" = "{
  \"credentials/user\": \"$(hash_of hunter2)\"
}
{
  \"secrets/db\": \"$(hash_of hunter2)\",
  \"secrets/list/0\": \"$(hash_of hunter2)\"
}" ]
}

@test "drift: hides the password in a URL, whatever is in it" {
    local password
    for password in hunter2 'hun@ter' 'hun/ter' 'hun:ter' 'hun ter' "hun'ter" 'hun"ter' 'hun?ter#x' '%41&=;' 'é'; do
        [ "$(kept_of APP_DATABASE "postgres://ann:$password@db.example.com:5432/app?x=1")" = \
            "postgres://ann:$(hash_of "$password")@db.example.com:5432/app?x=1" ]
    done
    [ "$(kept_of APP_REDIS "redis://:hunter2@h")" = "redis://:$(hash_of hunter2)@h" ]
    [ "$(kept_of APP_REPO "https://hunter2@example.com/x")" = "https://$(hash_of hunter2)@example.com/x" ]
    [ "$(kept_of APP_GO "ann:hunter2@tcp(h:3306)/db")" = "ann:$(hash_of hunter2)@tcp(h:3306)/db" ]
    run ! grep -rE 'hun.ter' storage
}

@test "drift: hides what follows a word that looks secret, in any value" {
    [ "$(kept_of APP_CONNECTION 'Server=h;User=a;Password=hunter2;x')" = "Server=h;User=a;Password=$(hash_of 'hunter2;x')" ]
    [ "$(kept_of APP_JDBC 'jdbc:mysql://h/db?user=a&password=hunter2')" = "jdbc:mysql://h/db?user=a&password=$(hash_of hunter2)" ]
    [ "$(kept_of APP_PG "host=h password = 'hunter2'")" = "host=h password = $(hash_of "'hunter2'")" ]
    [ "$(kept_of APP_HEADER 'X-Api-Key: hunter2')" = "X-Api-Key: $(hash_of hunter2)" ]
    [ "$(kept_of APP_HEADERS 'Bearer hunter2')" = "Bearer $(hash_of hunter2)" ]
    kept_of APP_JSON '{"a": 1, "password":"hunter2"}' >out
    [ "$(cat "$kept/env%3AAPP_JSON.json")" = "{
  \"APP_JSON\": \"{\\\"a\\\": 1, \\\"password\\\":$(hash_of '"hunter2"}')\"
}" ]
    run ! grep -r hunter storage
}

@test "drift: hides a private key, however many lines it has" {
    local key=$'-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2==\n-----END RSA PRIVATE KEY-----'
    [ "$(kept_of APP_PEM "$key")" = "$(hash_of "$key")" ]
    printf '[tls]\npem = %s\nport = 1\n' "$key" >app.ini
    printf 'PEM="%s"\n' "$key" >app.env
    drift staging file:app.ini file:app.env >out
    [ "$(cat "$kept"/file*)" = "{
  \"PEM\": \"$(hash_of "$key")\"
}
{
  \"tls/pem\": \"$(hash_of "$key")\",
  \"tls/port\": \"1\"
}" ]
}

@test "drift: hides every line of a secret in an INI file" {
    printf '[db]\npassword = one\n   two = three\n  four\nhost = h\n' >app.ini
    drift staging file:app.ini >out
    [ "$(cat "$kept"/*)" = "{
  \"db/host\": \"h\",
  \"db/password\": \"$(hash_of $'one\ntwo = three\nfour')\"
}" ]
}

@test "drift: hides a secret with every printable character" {
    local secret
    secret=$(awk 'BEGIN { for (i = 32; i < 127; i++) printf "%c", i }')x
    [ "$(kept_of APP_SECRET "$secret")" = "$(hash_of "$secret")" ]
    APP_SECRET=$secret python3 -c 'import json, os; json.dump({"secret": os.environ["APP_SECRET"]}, open("app.json", "w"))'
    drift staging file:app.json >out
    [ "$(cat "$kept/file%3Aapp.json.json")" = "{
  \"secret\": \"$(hash_of "$secret")\"
}" ]
}

@test "drift: MIGRATE_DRIFT_SALT changes what is written for a secret, and for nothing else" {
    export MIGRATE_DRIFT_SALT=pinch
    [ "$(kept_of APP_SECRET hunter2)" = "$(hash_of pinchhunter2)" ]
    [ "$(kept_of APP_NAME hunter2)" = hunter2 ]
    unset MIGRATE_DRIFT_SALT
    echo 'MIGRATE_DRIFT_SALT=pinch' >.env
    [ "$(kept_of APP_SECRET hunter2)" = "$(hash_of pinchhunter2)" ]
}

@test "drift: never has a secret in the arguments of a program" {
    # Each program that is started writes its arguments down first.
    mkdir stubs
    local tool
    for tool in awk sort sed tr cat cmp mktemp mv sh tail grep sqlite3 sha256sum printf; do
        printf '#!/bin/sh\n{ printf "%%s " %s "$@"; echo; } >>%s/calls\nexec %s "$@"\n' "$tool" "'$PWD'" \
            "$(type -P "$tool")" >"stubs/$tool"
        chmod +x "stubs/$tool"
    done
    echo '{"password": "hunter2"}' >app.json
    printf 'password = hunter2\n' >app.ini
    printf 'PASSWORD=hunter2\n' >app.env
    APP_SECRET=hunter2 MIGRATE_DRIFT_SALT=pinch PATH=$PWD/stubs:$PATH shell=mksh \
        drift staging file:app.json file:app.ini file:app.env env:APP_ >out
    grep -q '^sqlite3 ' calls
    grep -q '^sha256sum' calls
    run ! grep -E 'hunter|pinch' calls
}

@test "drift: works with shasum or openssl where there is no sha256sum, and says when there is none" {
    mkdir tools
    ln -s /usr/bin/* /bin/* tools/ 2>/dev/null || :
    rm -f tools/sha256sum
    PATH=$PWD/tools kept_of APP_SECRET hunter2 >shown
    [ "$(cat shown)" = "$(hash_of hunter2)" ]
    rm -f tools/shasum
    PATH=$PWD/tools kept_of APP_SECRET hunter2 >shown
    [ "$(cat shown)" = "$(hash_of hunter2)" ]
    rm -f tools/openssl
    APP_SECRET=x PATH=$PWD/tools run --separate-stderr -69 drift staging env:APP_
    [ "$stderr" = "check-config-drift.sh: there is no sha256sum, shasum or openssl
hint: install the package coreutils" ]
}

@test "drift: writes nothing when a checksum cannot be computed" {
    mkdir stubs
    local body
    for body in 'exit 1' 'exit 0' 'echo abc'; do
        printf '#!/bin/sh\n%s\n' "$body" >stubs/sha256sum
        chmod +x stubs/sha256sum
        APP_SECRET=hunter2 PATH=$PWD/stubs:$PATH run --separate-stderr -74 drift staging env:APP_
        [ ! -e storage ]
        [[ $stderr != *hunter2* ]]
    done
}
