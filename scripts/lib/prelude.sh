# shellcheck shell=sh
# What every program needs before its first step: a fixed locale, no surprises from the caller's
# environment, private files.

LC_ALL=C
export LC_ALL
IFS=$(printf ' \t\n.')
IFS=${IFS%.}
unset CDPATH
umask 077

# Prints the help text of program $1: the comment at its head, without the first line and what is for shellcheck.
help_print() {
    sed -n '2,/^[^#]/{ /^[^#]/d; /^# shellcheck /d; s/^# \{0,1\}//; p; }' "$1"
}

# Gives file $1 the mode that a new file gets from the person's umask.
mode_of_new() {
    (umask "${caller_umask:-077}" && chmod '=rw' -- "$1")
}
