# shellcheck shell=sh disable=SC2034,SC2154
# The names of environments, and the folders in which files of them are kept.

# Ends the program when $1 cannot be the name of an environment. A name is part of the name of a file,
# where `_` comes behind it.
environment_check() {
    case $1 in
    [!A-Za-z0-9]* | *[!A-Za-z0-9.-]* | '')
        die 64 "\"$1\" is not the name of an environment" \
            "letters, digits, \".\" and \"-\", and a letter or digit first: staging is one"
        ;;
    *) ;;
    esac
    [ "${#1}" -le 100 ] || die 64 "the name of the environment is longer than 100 characters"
}

environment_umask=077

# Sets environment_folder to folder $1, in a form that is no option for anybody.
environment_folder_set() {
    case $1 in
    /* | ./*) environment_folder=$1 ;;
    *) environment_folder=./$1 ;;
    esac
    environment_folder=${environment_folder%/}
    environment_shown=${environment_folder#./}
}

# Makes $environment_folder, with the modes that umask $environment_umask gives.
environment_folder_make() {
    (umask "$environment_umask" && mkdir -p -- "$environment_folder") 2>"$scratch/error" || {
        [ ! -e "$environment_folder" ] || [ -d "$environment_folder" ] ||
            die 73 "cannot create the folder $environment_shown: there is a file of that name"
        die 73 "cannot create the folder $environment_shown" "check its parent, the permissions and the free space"
    }
}

# Makes a temporary file in $environment_folder, whose name is then in scratch_file: it goes when the
# program ends before it has got its name.
environment_temporary() {
    environment_folder_make
    scratch_file=$(mktemp "$environment_folder/.new.XXXXXX" 2>"$scratch/error") ||
        die 73 "cannot write in the folder $environment_shown" "check its permissions and the free space"
}

# Ends the program when the last line of the temporary file is not $1: some programs do not say that
# the disk is full.
environment_complete() {
    environment_last=$(tail -n 1 "$scratch_file") || environment_last=
    [ "$environment_last" = "$1" ] || die 74 "cannot write in the folder $environment_shown" "check the free space"
}
