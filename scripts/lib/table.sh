# shellcheck shell=sh disable=SC2154
# Rows as a table for a person.

# True when results may be coloured.
table_colored() {
    [ "$color" = auto ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ] && [ -t 1 ]
}

# Prints the rows in $scratch/rows as a table with the headings $1 (words with blanks between them),
# as wide as it has to be. Of a value only the first line is shown.
table_print() {
    table_color=0
    if table_colored; then table_color=1; fi
    awk -v headings="$1" -v color="$table_color" '
        function paint(text, shown) {
            if (!color || columns[column] != "state") return shown
            if (text == "completed") return "\033[32m" shown "\033[0m"
            if (text == "failed" || text == "running") return "\033[31m" shown "\033[0m"
            return "\033[33m" shown "\033[0m"
        }
        BEGIN {
            RS = "\036"
            FS = "\037"
            count = split(headings, columns, " ")
            for (column = 1; column <= count; column++) {
                cell[0, column] = columns[column]
                width[column] = length(columns[column])
            }
        }
        {
            rows++
            for (column = 1; column <= count; column++) {
                text = $column
                sub(/\n.*/, "", text)
                if (text == "") text = "-"
                if (columns[column] == "when") text = substr(text, 1, 10) " " substr(text, 12, 8)
                if (columns[column] == "when" && text == "- ") text = "-"
                if (columns[column] == "took" && text != "-") text = text " ms"
                cell[rows, column] = text
                if (length(text) > width[column]) width[column] = length(text)
            }
        }
        END {
            for (row = 0; row <= rows; row++) {
                line = ""
                for (column = 1; column <= count; column++) {
                    text = cell[row, column]
                    shown = text
                    if (column < count) shown = sprintf("%-" width[column] "s  ", text)
                    line = line (row == 0 ? shown : paint(text, shown))
                }
                print line
            }
        }
    ' "$scratch/rows"
}
