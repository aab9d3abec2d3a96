# shellcheck shell=sh disable=SC2154
# The files of configuration drift: which keys there are, what the file of a key is called, how it comes
# to be. Key KEY of an environment is the file ENV/KEY.json, in which every character of the key but
# letters, digits and . _ - is written as %XX. It holds hashes of secrets, so nobody else may read it.

# Ends the program when $1 is not a key; $2 are the keys of the engine, or empty when it is not known yet.
drift_key_check() {
    case $1 in
    file:?*) ;;
    file:) die 64 "the key file: names no file" "file:config/app.ini is one" ;;
    env:[!A-Za-z_]* | env:?*[!A-Za-z0-9_]* | env:)
        die 64 "\"$1\" names no environment variables" "env:APP_ is for all whose names begin with APP_"
        ;;
    env:*) ;;
    '' | *[!a-z_]*) die 64 "there is no key \"$1\"" "$program --help" ;;
    *)
        [ -z "$2" ] || case " $2 " in
        *" $1 "*) ;;
        *) die 64 "there is no key \"$1\"" "the keys are: $2 file:PATH env:PREFIX" ;;
        esac
        ;;
    esac
}

# Sets drift_name to the name of the file of key $1.
drift_name_set() {
    drift_name=$(DRIFT_KEY=$1 awk "$json_functions"'
        BEGIN {
            json_begin()
            key = ENVIRON["DRIFT_KEY"]
            for (i = 1; i <= length(key); i++) {
                one = substr(key, i, 1)
                name = name (one ~ /[A-Za-z0-9._-]/ ? one : "%" json_hex[one])
            }
            print name ".json"
        }
    ')
    [ "${#drift_name}" -le 240 ] || die 64 "a key is too long for the name of a file: $1" "go to the folder of the file"
}

# Writes the lines of key $1 of the engine from the rows into file $2. Of the kind `value` are texts that may
# hold a secret; whether one of the kind `named` is a secret, its name says, too.
drift_rows() {
    secret_begin
    DRIFT_KEY=$1 config_awk '
        BEGIN { RS = "\036"; FS = "\037" }
        $1 == "end" { whole = 1 }
        $1 != ENVIRON["DRIFT_KEY"] { next }
        $3 == "named" { secret_emit($2, "text", $4); next }
        $3 == "value" { json_emit($2, "text", secret_part($4)); next }
        { json_emit($2, $3, $4) }
        END { if (whole) json_end(); exit !whole }
    ' <"$scratch/configuration" >"$2" || die 74 "cannot write in the temporary folder" "check TMPDIR and the free space"
}

# Writes the object of key $1 into file $2.
drift_take() {
    case $1 in
    file:*) config_file "${1#file:}" "$scratch/lines" ;;
    env:*) config_environment "${1#env:}" "$scratch/lines" ;;
    *) drift_rows "$1" "$scratch/lines" ;;
    esac
    json_object "$scratch/lines" "$2"
}

# Puts file $1 as $2 into $environment_folder, in the place of the one that is there.
drift_publish() {
    [ ! -d "$environment_folder/$2" ] || die 73 "cannot create $environment_shown/$2: there is a folder of that name"
    environment_temporary
    cat "$1" >"$scratch_file" 2>"$scratch/error" || die 74 "cannot write in the folder $environment_shown" "check the free space"
    environment_complete '}'
    mv -f "$scratch_file" "$environment_folder/$2" 2>"$scratch/error" || die 73 "cannot create $environment_shown/$2"
    # shellcheck disable=SC2034 # scratch.sh reads it
    scratch_file=
    printf '%s\n' "$environment_shown/$2"
}
