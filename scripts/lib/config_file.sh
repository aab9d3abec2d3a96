# shellcheck shell=sh disable=SC2154
# An application's own configuration, as names and values: what kind of file it is, who reads it, and
# how the environment is read. A name in a section or in an object is the path to it, with / between its
# parts (/ in a part is ~1, ~ is ~0).
#
# The results are lines for json_object, in the file that is named. Messages never quote a file.

# Runs awk program $1 on standard input, with the functions for JSON and secrets.
config_awk() {
    awk -v secret_command="$secret_command" "$json_functions $secret_functions
        function config_part(text) { gsub(/~/, \"~0\", text); gsub(/\\//, \"~1\", text); return text }
        function config_bad(text) { print text \" in line \" NR; failed = 1; exit 65 }
        BEGIN { json_begin() } $1"
}

# Prints the kind of file $1, whose text is in $scratch/text: json, ini or dotenv.
config_kind() {
    case ${1##*/} in
    *.json) printf json ;;
    *.ini | *.cfg | *.cnf | *.conf | *.properties) printf ini ;;
    .env | .env.* | *.env) printf dotenv ;;
    *)
        awk '
            /^[ \t\r]*([#;].*)?$/ { next }
            { kind = /^[ \t]*\[[^]"{},]+\]/ ? "ini" : /^[ \t]*[[{]/ ? "json" : "dotenv"; exit }
            END { printf "%s", kind == "" ? "dotenv" : kind }
        ' "$scratch/text"
        ;;
    esac
}

# Writes what file $1 says into file $2.
config_file() {
    [ -e "$1" ] || die 66 "there is no file $1" "a name that is not absolute begins in the working directory"
    [ -f "$1" ] || die 65 "$1 is not a file"
    [ -r "$1" ] || die 77 "cannot read $1" "check its owner and its mode"
    secret_begin
    # A byte order mark is no part of the text. A zero byte is: then it is none of these files.
    tr -d '\000' <"$1" >"$scratch/bytes" || die 74 "cannot read $1" "check the disk, and the space in TMPDIR"
    cmp -s "$scratch/bytes" - <"$1" || die 65 "$1 holds a byte that is zero" "it is to be text, in UTF-8"
    config_mark=$(head -c 3 "$scratch/bytes" | od -A n -t x1)
    config_first=1
    [ "$config_mark" != ' ef bb bf' ] || config_first=4
    tail -c "+$config_first" "$scratch/bytes" >"$scratch/text" || die 74 "cannot read $1" "check the space in TMPDIR"
    config_found=$(config_kind "$1")
    case $config_found in
    json) config_json "$1" "$2" ;;
    ini) config_ini "$2" || config_end "$?" "$1" "$2" INI ;;
    *) config_dotenv "$2" || config_end "$?" "$1" "$2" dotenv ;;
    esac
}

# Ends the program after a reader of file $2 has failed with status $1 and left its reason in file $3.
config_end() {
    [ "$1" -eq 65 ] || die 74 "cannot read $2" "check the space in TMPDIR, and that there is a sha256sum"
    config_reason=$(tail -n 1 "$3") || config_reason=
    die 65 "cannot read $2 as $4: $config_reason" "JSON, INI and dotenv files are understood; the suffix says which it is"
}

# Writes the environment variables whose names begin with $1 into file $2.
config_environment() {
    secret_begin
    CONFIG_PREFIX=$1 config_awk '
        BEGIN {
            for (name in ENVIRON)
                if (index(name, ENVIRON["CONFIG_PREFIX"]) == 1 && name !~ /^(CONFIG_PREFIX|MIGRATE_DRIFT_HASH)$/)
                    secret_emit(name, "text", ENVIRON[name])
            json_end()
        }
    ' </dev/null >"$2" || die 74 "cannot write in the temporary folder" "check TMPDIR, and that there is a sha256sum"
}
