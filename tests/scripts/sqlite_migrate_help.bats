#!/usr/bin/env bats
# What is made of the texts that sqlite-migrate prints as its help: the manual page and completion.

load ../helpers/migrate
load front

setup() {
    use_scratch
    use_front_database
    three_operations
}

@test "man.sh: prints a page that a formatter reads without a complaint" {
    sh "$root/scripts/man.sh" >page.1
    [ "$(head -n 1 page.1)" = '.TH SQLITE\-MIGRATE 1' ]
    [ "$(sed -n 3p page.1)" = 'sqlite\-migrate \- Applies, rolls back and inspects the operations of a migration folder' ]
    if command -v groff >/dev/null; then
        run --separate-stderr -0 groff -man -ww -Tascii page.1
        [ "$stderr" = "" ]
    fi
}

@test "man.sh: holds the help of the program and of every command" {
    local file text
    text=$(sh "$root/scripts/man.sh" | sed 's/\\-/-/g; s/\\e/\\/g; s/^\\&//')
    for file in "$root/scripts/sqlite-migrate" "$root"/scripts/commands/*; do
        [[ $text == *"$(sed -n '2s/^# //p' "$file")"* ]]
    done
    [[ $text == *"$(front help)"* ]]
    [[ $text == *"$(front help repair)"* ]]
}

@test "man.sh: refuses what is no program, and prints its help" {
    run --separate-stderr -66 sh "$root/scripts/man.sh" up
    [ "$stderr" = "man.sh: there is no $root/scripts/up" ]
    run --separate-stderr -64 sh "$root/scripts/man.sh" ../README.md
    [ "$stderr" = "man.sh: ../README.md is not the name of a program
hint: sh scripts/man.sh -h" ]
    run --separate-stderr -64 sh "$root/scripts/man.sh" sqlite-migrate up
    [ "$stderr" = "man.sh: expected one program at most
hint: sh scripts/man.sh -h" ]
    run --separate-stderr -0 sh "$root/scripts/man.sh" -h
    [ "${lines[0]}" = "Prints the manual page of a program, made of the texts that its help prints." ]
}

@test "man.sh: prints a page for each of the other programs" {
    local program
    for program in "$root"/scripts/*-*.sh; do
        [ "${program##*/}" != load-path.sh ] || continue
        sh "$root/scripts/man.sh" "${program##*/}" >page.1
        [ "$(sed -n 2,3p page.1 | sed 's/\\-/-/g')" = ".SH NAME
${program##*/} - $(sed -n '2{ s/^# //; s/\.$//; p; }' "$program")" ]
    done
}

@test "programs: no help shows what is for shellcheck" {
    local file
    for file in "$root"/scripts/*.sh; do
        run --separate-stderr -0 sh "$file" --help
        [[ $output != *shellcheck* ]] || {
            printf '%s\n' "$file"
            return 1
        }
    done
}

# Prints what bash would offer for the last word.
completions() { # <word>...
    bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sqlite_migrate; echo "${COMPREPLY[*]}"' \
        bash "$root/scripts/completion/sqlite-migrate.bash" "$front" "$@"
}

@test "completion: offers every command" {
    [ "$(completions '' | tr ' ' '\n' | sort)" = "$(cd "$root/scripts/commands" && printf '%s\n' *)" ]
    [ "$(completions -q s)" = "status show script seed" ]
}

@test "completion: offers the options of the command and of the program" {
    [ "$(completions status --p)" = "--pending --pretend --progress" ]
    [ "$(completions --l)" = "--late --load --lock-timeout" ]
}

@test "completion: offers the values of an option" {
    [ "$(completions --gaps '')" = "error warn off" ]
    [ "$(completions --scripts o)" = "on off" ]
}

@test "completion: offers versions and outcomes" {
    [ "$(completions up '')" = "1 2 3" ]
    [ "$(completions repair 3 '')" = "completed rollback accept" ]
    [ "$(completions down '')" = all ]
}

# Prints what zsh would offer, with the functions of its completion replaced by ones that print. The
# file is written so that bash, which takes $words for the first word alone, can be told them as text.
zsh_completions() { # <word>...
    bash -c 'compadd() { shift; echo "$*"; }; _files() { echo files; }; CURRENT=$#; words=$*; file=$0
        [ -n "${words##* }" ] || words="$words "; . "$file"' \
        "$root/scripts/completion/_sqlite-migrate" "$front" "$@"
}

@test "completion for zsh: offers what that for bash offers" {
    [ "$(zsh_completions '' | tr ' ' '\n' | sort)" = "$(cd "$root/scripts/commands" && printf '%s\n' *)" ]
    [ "$(zsh_completions --gaps '')" = "error warn off" ]
    [ "$(zsh_completions repair 3 '')" = "completed rollback accept" ]
    [ "$(zsh_completions up '')" = "1 2 3" ]
    [[ " $(zsh_completions status --) " == *" --check "* ]]
}
