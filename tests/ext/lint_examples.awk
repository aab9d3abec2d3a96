# Takes the examples of docs/lint.md apart. A section is a heading of the third order, which is the id of a
# rule. Its fenced blocks say behind ```sql what they are:
#
#     before                        the schema and the rows that the examples behind it start from
#     query                         a file of queries/, for the examples behind it
#     bad OBJECT [SEVERITY]         an operation that is reported with the rule; without OBJECT: with none
#     fails OBJECT [SEVERITY]       the same, and the run fails
#     good                          an operation that is not, and that can be run
#     newest-bad, newest-fails, newest-good    the same, where the newest SQLite is needed
#     down                          the down file of the operation before it
#
# For each example, from 1, writes into the folder `out`: N.rule, N.kind, N.object, N.severity (that of the rule
# when empty), N.line, N.up, and N.before, N.query, N.down where there are such; for each rule, RULE.severity and
# RULE.approve (the directive; and `down` on a second line where it belongs into the down file).

function write(name, text) {
    printf "%s", text >(out "/" name)
    close(out "/" name)
}

function end_block() {
    if (kind == "before") {
        before = text
        query = ""
    } else if (kind == "query") {
        query = text
    } else if (kind == "down") {
        write(number ".down", text)
    } else if (kind != "") {
        number++
        write(number ".rule", rule)
        write(number ".kind", kind)
        write(number ".object", object)
        write(number ".severity", severity)
        write(number ".line", line)
        write(number ".up", text)
        if (before != "") {
            write(number ".before", before)
        }
        if (query != "") {
            write(number ".query", query)
        }
    }
}

/^### / && !inside {
    rule = $2
    before = query = ""
    next
}
/^```/ && inside {
    inside = 0
    end_block()
    next
}
/^```/ {
    inside = 1
    text = kind = object = severity = ""
    line = FNR
    if ($1 == "```sql" && rule != "") {
        kind = $2
        object = $3
        severity = $4
        if (kind !~ /^(before|query|down|(newest-)?(bad|fails|good))$/) {
            print FILENAME ":" FNR ": what is " $0 "?" >"/dev/stderr"
            exit 1
        }
    }
    next
}
inside {
    text = text $0 "\n"
    next
}
rule != "" && /^(error|warn|note): / {
    write(rule ".severity", substr($1, 1, length($1) - 1))
}
rule != "" && /^Approve/ {
    directive = $0
    if (sub(/^[^`]*`/, "", directive) && sub(/`.*/, "", directive)) {
        write(rule ".approve", directive "\n" (/in the down file/ ? "down\n" : ""))
    } else {
        write(rule ".approve", "")
    }
}
