# shellcheck shell=sh disable=SC2034,SC2154
# What is a secret in the configuration of an application, and what is shown in its place: the SHA-256
# of the value, so that it can be compared, and MIGRATE_DRIFT_SALT before it, so that a short one cannot
# be guessed. A secret is never an argument of a program.
#
# A value is a secret when its name, or the name of what it is in, has one of the words below in it. In
# other values, a password in a URL, what follows PASSWORD= and the like, and private keys are secrets.
# In doubt more is hidden than has to be: two values that differ are different all the same.

# Sets secret_command, which prints the SHA-256 of its standard input, and exports what the functions
# need: the file that it prints to.
secret_begin() {
    if command -v sha256sum >/dev/null; then
        secret_command=sha256sum
    elif command -v shasum >/dev/null; then
        secret_command='shasum -a 256'
    elif command -v openssl >/dev/null; then
        secret_command='openssl dgst -sha256 -r'
    else
        die 69 "there is no sha256sum, shasum or openssl" "install the package coreutils"
    fi
    MIGRATE_DRIFT_HASH=$scratch/hash
    export MIGRATE_DRIFT_HASH
}

# Functions for awk programs, behind those of json.sh; the variable `secret_command` is to be set.
# shellcheck disable=SC2016 # the shell that awk starts expands it
secret_functions='
    function secret_hash(text,    command, hash) {
        if (text == "") return ""
        if (text in secret_known) return secret_known[text]
        command = secret_command " >\"$MIGRATE_DRIFT_HASH\""
        printf "%s%s", ENVIRON["MIGRATE_DRIFT_SALT"], text | command
        if (close(command) != 0 || (getline hash <ENVIRON["MIGRATE_DRIFT_HASH"]) <= 0) secret_fail()
        close(ENVIRON["MIGRATE_DRIFT_HASH"])
        sub(/ .*/, "", hash)
        if (length(hash) != 64) secret_fail()
        return secret_known[text] = "sha256:" hash
    }
    function secret_fail() {
        print "cannot compute a checksum" >"/dev/stderr"
        exit 74
    }
    function secret_name(name) {
        name = tolower(name)
        return name ~ /pass|pwd|secret|token|key|dsn|cred|private|auth|salt|pepper|cookie|signature|webhook|jwt/
    }
    # What stands between the user and the last @ of an address, and all of it where a user is no name.
    function secret_address(text, scheme,    at, user, colon) {
        if (!match(text, /.*@/)) return text
        user = substr(text, 1, RLENGTH - 1)
        text = substr(text, RLENGTH)
        colon = index(user, ":")
        if (colon > 0) return substr(user, 1, colon) secret_hash(substr(user, colon + 1)) text
        if (scheme ~ /https?$/) return secret_hash(user) text
        return user text
    }
    function secret_part(text,    at) {
        at = index(text, "://")
        if (at > 0) text = substr(text, 1, at + 2) secret_address(substr(text, at + 3), substr(text, 1, at - 1))
        else if (text ~ /^[^ \/:@]+:[^ ]+@[^ ]/) text = secret_address(text, "")
        if (match(tolower(text), /(pass|pwd|secret|token|key|cred|private|auth|salt|signature)[a-z0-9_.-]*(["\047][ \t]*:|:[ \t]|[ \t]*=)[ \t]*/))
            text = substr(text, 1, RSTART + RLENGTH - 1) secret_hash(substr(text, RSTART + RLENGTH))
        else if (match(tolower(text), /(bearer|basic) +/))
            text = substr(text, 1, RSTART + RLENGTH - 1) secret_hash(substr(text, RSTART + RLENGTH))
        return text
    }
    function secret_emit(name, kind, value) {
        if (kind != "text" && kind != "number") json_emit(name, kind, value)
        else if (secret_name(name) || value ~ /PRIVATE KEY-----/) json_emit(name, "text", secret_hash(value))
        else if (kind == "number") json_emit(name, kind, value)
        else json_emit(name, kind, secret_part(value))
    }
'
