# Prints the losses of the second file (OPERATION|KIND|TABLE|COLUMN|HOW MANY) that the first one does not announce for
# the same operation. The first one: OPERATION|name|TABLE|COLUMN|NAME (what the operation calls them),
# OPERATION|plan|RULE|OBJECT, OPERATION|rows|TABLE|UPDATED|DELETED, OPERATION|dropped|TABLE.

BEGIN {
    # The rules that announce a loss of each kind. moves-column is rename-column of a rebuild: the copy puts the values of
    # the column into another one.
    split("drop-table delete-without-where deletes-rows fires-cascade replace-deletes rebuild-loses-rows " \
        "update-without-where updates-rows", rows, " ")
    split("update-without-where updates-rows replace-deletes fires-cascade change-type drop-column " \
        "moves-column rebuild-loses-generated drop-table rebuild-loses-rows", values, " ")
    split("drop-column drop-table rebuild-loses-generated", columns, " ")
    for (i in rows) {
        announces["rows", rows[i]] = announces["table", rows[i]] = 1
    }
    for (i in values) {
        announces["values", values[i]] = 1
    }
    for (i in columns) {
        announces["column", columns[i]] = 1
    }
}

# Whether the operation calls the table, or its column, like that.
function is_name(operation, table, column, name) {
    return (operation, table, column, tolower(name)) in names
}

# Whether the object of a finding is the table, or the column of it.
function is_about(operation, table, column, object,    dot) {
    dot = index(object, ".")
    return is_name(operation, table, "", object) || dot > 0 && column != "" && \
        is_name(operation, table, "", substr(object, 1, dot - 1)) && \
        is_name(operation, table, column, substr(object, dot + 1))
}

function is_planned(operation, kind, table, column,    i) {
    for (i = 1; i <= findings; i++) {
        if (at[i] == operation && (kind, rule[i]) in announces && is_about(operation, table, column, object[i])) {
            return 1
        }
    }
    return 0
}

function is_rehearsed(operation, kind, table,    i) {
    for (i = 1; i <= changes; i++) {
        if (seen[i] == operation && is_name(operation, table, "", changed[i]) && (kind == "values" || kind == "rows" || \
            kind == "table" && has_deleted[i])) {
            return 1
        }
    }
    return 0
}

FILENAME != "-" {
    if (!is_planned($1, $2, $3, $4) && !is_rehearsed($1, $2, $3)) {
        print
    }
    next
}
$2 == "name" { names[$1, $3, $4, tolower($5)] = 1 }
$2 == "plan" {
    at[++findings] = $1
    rule[findings] = $3
    object[findings] = $4
}
$2 == "rows" && ($4 != "0" || $5 != "0") || $2 == "dropped" {
    seen[++changes] = $1
    changed[changes] = $3
    has_deleted[changes] = $2 == "dropped" || $5 != "0"
}
