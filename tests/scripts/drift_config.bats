#!/usr/bin/env bats
# check-config-drift.sh file:PATH and env:PREFIX: an application's own configuration.

load ../helpers/migrate
load reports

setup() {
    use_scratch
    use_reports
    # These keys need no database.
    unset DATABASE_URL
    kept=storage/config-drift/staging
}

# Writes standard input as a configuration file, and prints what is kept of it, without the braces.
kept_of() { # <file>
    local path
    cat >"$1"
    path=$(drift staging "file:$1") || return
    python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$path" || return
    grep -v '^[{}]$' "$path"
}

@test "drift file: needs no database and no connection" {
    echo '{}' >app.json
    run --separate-stderr -0 drift staging file:app.json
    [ "$output" = "$kept/file%3Aapp.json.json" ]
    [ "$stderr" = "" ]
    [ "$(cat "$output")" = "{
}" ]
    [ "$(ls -A tmp)" = "" ]
}

@test "drift file: has nothing but the flat content of a JSON file, in order" {
    run -0 kept_of app.json <<'JSON'
{"z": 1, "server": {"port": 8080, "hosts": ["a", "b"], "on": true, "off": false, "none": null},
 "empty": {}, "list": [], "text": "é \"q\" \\ \n\t\u0001\u00e9\ud83d\ude00", "": 2}
JSON
    [ "$output" = '  "": 2,
  "empty": {},
  "list": [],
  "server/hosts/0": "a",
  "server/hosts/1": "b",
  "server/none": null,
  "server/off": false,
  "server/on": true,
  "server/port": 8080,
  "text": "é \"q\" \\ \n\t\u0001é😀",
  "z": 1' ]
}

@test "drift file: does not take a name with a slash for a path" {
    run -0 kept_of app.json <<<'{"a/b": 1, "a": {"b": 2, "~": 3}}'
    [ "$output" = '  "a/b": 2,
  "a/~0": 3,
  "a~1b": 1' ]
}

@test "drift file: leaves out no value where a name comes twice" {
    run -0 kept_of app.json <<<'{"a": 1, "a": 2, "a (2)": 3}'
    [ "$output" = '  "a": 1,
  "a (2)": 2,
  "a (2) (2)": 3' ]
    run -0 kept_of app.ini <<<$'[s]\nfetch = a\nfetch = b\nfetch = c'
    [ "$output" = '  "s/fetch": "a",
  "s/fetch (2)": "b",
  "s/fetch (3)": "c"' ]
}

@test "drift file: keeps numbers as they are written" {
    run -0 kept_of app.json <<<'{"a": 1.50, "b": 12345678901234567890123, "c": -1e-400, "d": 0.1, "e": [1.0, -0]}'
    [ "$output" = '  "a": 1.50,
  "b": 12345678901234567890123,
  "c": -1e-400,
  "d": 0.1,
  "e/0": 1.0,
  "e/1": 0' ] || [ "${lines[5]}" = '  "e/1": -0' ]
}

@test "drift file: is the same whatever the layout and the order of a JSON file are" {
    kept_of app.json <<<'{"b": {"x": 1, "y": [1, 2]}, "a": "é"}' >first
    kept_of app.json <<<$'\xef\xbb\xbf{"a":"\\u00e9",\r\n\t"b":{"y":[1,2],"x":1}}' >second
    diff first second
}

@test "drift file: reads a JSON value that is no object" {
    run -0 kept_of app.json <<<'"text"'
    [ "$output" = '  "": "text"' ]
    run -0 kept_of app.json <<<'[1, [2]]'
    [ "$output" = '  "0": 1,
  "1/0": 2' ]
}

@test "drift file: refuses JSON that is none, and does not quote it" {
    local text
    for text in '{"password": "hunter2",}' '{a: 1}' '' '{"a": 1} x' "{'a': 1}" '[1' 'nul'; do
        printf '%s' "$text" >app.json
        run --separate-stderr -65 drift staging file:app.json
        [ "$output" = "" ]
        [ "$stderr" = "check-config-drift.sh: cannot read app.json as JSON: it is not valid
hint: JSON, INI and dotenv files are understood; the suffix says which it is" ]
    done
    [ ! -e storage ]
}

@test "drift file: refuses JSON that is nested too deeply" {
    printf '%3000s' '' | tr ' ' '[' >app.json
    printf '%3000s' '' | tr ' ' ']' >>app.json
    run --separate-stderr -65 drift staging file:app.json
    [[ $stderr == "check-config-drift.sh: cannot read app.json as JSON"* ]]
}

@test "drift file: refuses a text with a byte that is zero, written in either way" {
    printf 'a = 1\0' >app.ini
    run --separate-stderr -65 drift staging file:app.ini
    [ "$stderr" = "check-config-drift.sh: app.ini holds a byte that is zero
hint: it is to be text, in UTF-8" ]
    echo '{"a": "x\u0000y"}' >app.json
    run --separate-stderr -65 drift staging file:app.json
    [ "$stderr" = "check-config-drift.sh: app.json holds a character that is zero (\\u0000)" ]
    run -0 kept_of app.json <<<'{"a": "\\u0000"}'
    [ "$output" = '  "a": "\\u0000"' ]
}

@test "drift file: reads INI with its sections, comments, quotes and long values" {
    run -0 kept_of app.ini <<<$'\xef\xbb\xbftop = 1\r\n; comment\n# comment\n\n[db]\nhost=localhost ; not a comment\n  name: "a b"\nflag\nlong = one\n  two\n\n[a/b "c"] ; behind\nx = \'q\'\ny =\nz = = =\nl\\n = é\nt~/u = 1'
    [ "$output" = '  "a~1b \"c\"/l\\n": "é",
  "a~1b \"c\"/t~0~1u": "1",
  "a~1b \"c\"/x": "q",
  "a~1b \"c\"/y": "",
  "a~1b \"c\"/z": "= =",
  "db/flag": null,
  "db/host": "localhost ; not a comment",
  "db/long": "one\ntwo",
  "db/name": "a b",
  "top": "1"' ]
}

@test "drift file: refuses INI that is none, names the line and does not quote it" {
    local text
    for text in 'hunter2' $'a = 1\nhunter 2' $'a = 1\n= hunter2' $'a = 1\n[hunter2'; do
        printf '%s\n' "$text" >app.ini
        run --separate-stderr -65 drift staging file:app.ini
        [ "$output" = "" ]
        [[ $stderr == "check-config-drift.sh: cannot read app.ini as INI: "*" in line "[12]"
hint: JSON, INI and dotenv files are understood; the suffix says which it is" ]]
        [[ $stderr != *hunter* ]]
    done
    [ ! -e storage ]
}

@test "drift file: reads dotenv with its quotes, comments and values of several lines" {
    run -0 kept_of .env.example <<<$'# comment\n\nA=1\r\nexport B = two words # comment\nC="a\\n\\"b\\" \\$x \\\\ \\q # no comment" # comment\nD1=\'a\\n$x\'\nE=\nF=a#b\nG="one\ntwo"\nH=\'x\ny\'\nL="é"\nlower.case=1'
    # shellcheck disable=SC2016 # it is not to be expanded
    [ "$output" = '  "A": "1",
  "B": "two words",
  "C": "a\n\"b\" $x \\ \\q # no comment",
  "D1": "a\\n$x",
  "E": "",
  "F": "a#b",
  "G": "one\ntwo",
  "H": "x\ny",
  "L": "é",
  "lower.case": "1"' ]
}

@test "drift file: never runs what is in a dotenv file" {
    # shellcheck disable=SC2016 # that is the point
    run -0 kept_of .env.example <<<'A=$(touch ran) `touch ran`'
    # shellcheck disable=SC2016
    [ "$output" = '  "A": "$(touch ran) `touch ran`"' ]
    [ ! -e ran ]
}

@test "drift file: refuses dotenv that is none, names the line and does not quote it" {
    local text
    for text in $'A=1\nhunter2' $'A=1\nB="hunter2' $'A=1\nB="hunter2" x' $'A=1\n1X=hunter2'; do
        printf '%s\n' "$text" >app.env
        run --separate-stderr -65 drift staging file:app.env
        [[ $stderr == "check-config-drift.sh: cannot read app.env as dotenv: "*" in line 2
hint: JSON, INI and dotenv files are understood; the suffix says which it is" ]]
        [[ $stderr != *hunter* ]]
    done
}

@test "drift file: tells by the content what a file without a known suffix is" {
    run -0 kept_of settings <<<$'\n{"a": 1}'
    [ "$output" = '  "a": 1' ]
    run -0 kept_of settings <<<$'; comment\n[section]\na = b # c'
    [ "$output" = '  "section/a": "b # c"' ]
    run -0 kept_of settings <<<$'# comment\nA=b # c'
    [ "$output" = '  "A": "b"' ]
}

@test "drift file: writes bytes that are not UTF-8 so that nothing is lost" {
    run -0 kept_of app.ini <<<$'a = \xff\xc3\xa9\xc3\xe2\x82\nb = \xed\xa0\x80\xf4\x90\x80\x80\xc0\xaf\nc = \xc2\x9b\x7f'
    [ "$output" = '  "a": "\udcffé\udcc3\udce2\udc82",
  "b": "\udced\udca0\udc80\udcf4\udc90\udc80\udc80\udcc0\udcaf",
  "c": "\u009b\u007f"' ]
}

@test "drift file: takes names that hold everything, and keeps their files apart and in the folder" {
    local name path
    mkdir -p 'a b' sub
    for name in ../outside.ini 'a b/c d.ini' -x.ini $'new\nline.ini' '%41.ini' A.ini 'q"u'\''o\tx.ini' 'v=1.ini' 'é*?.ini' sub/A.ini; do
        printf 'name = x\n' >"$name"
        path=$(drift staging "file:$name")
        [ "$(cat "$path")" = '{
  "name": "x"
}' ]
        [ "${path%/*}" = "$kept" ]
    done
    diff <(find "$kept" -type f | sed 's,.*/,,' | sort) - <<'NAMES'
file%3A%2541.ini.json
file%3A%C3%A9%2A%3F.ini.json
file%3A-x.ini.json
file%3A..%2Foutside.ini.json
file%3AA.ini.json
file%3Aa%20b%2Fc%20d.ini.json
file%3Anew%0Aline.ini.json
file%3Aq%22u%27o%5Ctx.ini.json
file%3Asub%2FA.ini.json
file%3Av%3D1.ini.json
NAMES
    rm ../outside.ini
}

@test "drift file: says what is not a file, and which name is too long" {
    mkdir folder.ini
    mkfifo pipe.ini
    run --separate-stderr -65 drift staging file:folder.ini
    [ "$stderr" = "check-config-drift.sh: folder.ini is not a file" ]
    run --separate-stderr -65 drift staging file:pipe.ini
    [ "$stderr" = "check-config-drift.sh: pipe.ini is not a file" ]
    local long
    long=$(printf '%240s' '' | tr ' ' a)
    echo 'a = 1' >"$long.ini"
    run --separate-stderr -64 drift staging "file:$long.ini"
    [ "$stderr" = "check-config-drift.sh: a key is too long for the name of a file: file:$long.ini
hint: go to the folder of the file" ]
}

@test "drift env: has the variables whose names begin with the prefix" {
    export APP_B=$'two\nlines' APP_A="é \"q\" \\" APP_=x APPLE=no XAPP_C=no
    run --separate-stderr -0 drift staging env:APP_
    [ "$output" = "$kept/env%3AAPP_.json" ]
    [ "$(cat "$output")" = '{
  "APP_": "x",
  "APP_A": "é \"q\" \\",
  "APP_B": "two\nlines"
}' ]
}

@test "drift env: writes an empty object where there is no such variable" {
    drift staging env:NOSUCH_ >out
    [ "$(cat "$kept/env%3ANOSUCH_.json")" = "{
}" ]
}
