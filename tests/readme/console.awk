# Takes the ```console blocks of a document apart. For each command, from 1, writes into the folder
# `out`: N.command, N.expected (what the document shows as its output) and N.line (where it stands).
# A line `$ COMMAND` begins a command, `> ...` right behind it goes on with it, as a shell's prompts do.

function begin_command(text) {
    number++
    file = out "/" number
    print text >(file ".command")
    printf "" >(file ".expected")
    print FNR >(file ".line")
    in_command = 1
}

/^```/ {
    in_console = !in_fence && $0 == "```console"
    in_fence = !in_fence
    in_command = 0
    next
}
!in_console { next }
/^\$ / { begin_command(substr($0, 3)); next }
in_command && /^> / { print substr($0, 3) >(file ".command"); next }
number == 0 { print FILENAME ":" FNR ": output before the first command" >"/dev/stderr"; exit 1 }
{ in_command = 0; print >(file ".expected") }
