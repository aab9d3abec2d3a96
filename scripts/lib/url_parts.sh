# shellcheck shell=sh disable=SC2034
# How the URL of a server is taken apart: the program for awk, which gets the URL in MIGRATE_URL and a
# folder in MIGRATE_URL_FOLDER.

# Writes the parts into files, or says what is wrong.
# shellcheck disable=SC2016 # an awk program
url_program='
function wrong(what) {
    print what
    failed = 1
    exit 1
}
function digit(character) {
    return index("0123456789abcdef", tolower(character)) - 1
}
function decode(text, what,    out, at, high, low) {
    while ((at = index(text, "%")) > 0) {
        high = digit(substr(text, at + 1, 1))
        low = digit(substr(text, at + 2, 1))
        if (length(text) < at + 2 || high < 0 || low < 0) wrong("a % in its " what " is not followed by two hexadecimal digits")
        if (high * 16 + low < 32 || high * 16 + low == 127) wrong("its " what " has a control character")
        out = out substr(text, 1, at - 1) sprintf("%c", high * 16 + low)
        text = substr(text, at + 3)
    }
    return out text
}
function put(name, text) {
    printf "%s", text >(folder "/" name)
    close(folder "/" name)
}
function read_host(text,    at, port) {
    port = ""
    if (substr(text, 1, 1) == "[") {
        at = index(text, "]")
        if (at == 0) wrong("its host has a [ without ]")
        port = substr(text, at + 1)
        text = substr(text, 2, at - 2)
    } else if ((at = index(text, ":")) > 0) {
        port = substr(text, at)
        text = substr(text, 1, at - 1)
    }
    if (port != "" && port !~ /^:[0-9]*$/) wrong("its port is not a number")
    port = substr(port, 2)
    if (port != "" && (port + 0 < 1 || port + 0 > 65535)) wrong("its port is not between 1 and 65535")
    hosts = hosts (count ? "," : "") decode(text, "host")
    ports = ports (count ? "," : "") port
    has_port = has_port || port != ""
    count++
}
BEGIN {
    url = ENVIRON["MIGRATE_URL"]
    folder = ENVIRON["MIGRATE_URL_FOLDER"]
    if (url ~ /[[:cntrl:] ]/) wrong("it has a blank or a control character")
    if (url !~ /^[a-z]+:\/\//) wrong("it does not begin with SCHEME://")
    sub(/^[a-z]+:\/\//, "", url)
    if (url ~ /^[^@\/]*[?#].*@/) wrong("a ? or # stands before its @ (write %3F or %23, and %40 behind it)")
    sub(/#.*/, "", url)
    if ((at = index(url, "?")) > 0) {
        parameters = substr(url, at + 1)
        url = substr(url, 1, at - 1)
    }
    if ((at = index(url, "/")) > 0) {
        database = substr(url, at + 1)
        url = substr(url, 1, at - 1)
    }
    if (database ~ /@/) wrong("an @ stands behind its first / (write %40, or %2F in a user or a password)")
    if (database ~ /\//) wrong("its database has a / (write %2F)")
    put("database", decode(database, "database"))
    user = ""
    if ((at = index(url, "@")) > 0) {
        user = substr(url, 1, at - 1)
        url = substr(url, at + 1)
        if (url ~ /@/) wrong("it has more than one @ (write %40)")
        if ((at = index(user, ":")) > 0) {
            put("password", decode(substr(user, at + 1), "password"))
            user = substr(user, 1, at - 1)
        }
    }
    put("user", decode(user, "user"))
    size = split(url, parts, ",")
    for (i = 1; i <= size; i++) read_host(parts[i])
    put("host", hosts)
    put("port", has_port ? ports : "")
    size = split(parameters, parts, "&")
    for (i = 1; i <= size; i++) {
        if (parts[i] == "") continue
        if ((at = index(parts[i], "=")) < 2) wrong("one of its parameters is not NAME=VALUE")
        name = decode(substr(parts[i], 1, at - 1), "parameter")
        if (name !~ /^[a-z][a-z_-]*$/) wrong("one of its parameters has a bad name")
        value = decode(substr(parts[i], at + 1), "parameter")
        if (name == "password") put("password", value)
        else print name "=" value >(folder "/parameters")
    }
}
END { if (failed) exit 1 }'
