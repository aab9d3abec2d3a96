# Writes a schema with rows and a migration of it that loses data, by a seed; the same for the same seed, in every
# awk. Tables have parents and children, triggers that write elsewhere, views, generated columns and indexes of all
# sorts. The migration has 1 to 6 operations of 1 to 3 changes: drops, renames, rebuilds with and without mistakes,
# deletes, updates, replaces.
#
# Usage: awk -v seed=N -v attempts=LIST -v out=FOLDER -f lint_losses.awk
#
# The list has a number for each operation, with commas between; with another number, it is another operation. So one
# that cannot be run is drawn anew, and those before it stay as they are.
#
# Into FOLDER go settings.sql (of the connection), schema.sql, 0.compare, which finds no loss in the schema itself, and
# for each operation, from 1:
#
#     N.sql       the operation
#     N.compare   SQL that compares the database before the operation (schema `old`) with that behind it, and prints
#                 a line for each loss: KIND|TABLE|COLUMN|HOW MANY, by the names of before. KIND: `table` (gone with its
#                 rows), `rows` (gone), `column` (gone with its values), `values` (not the same any more)
#     N.names     what the operation calls them, from before to behind: TABLE||NAME, TABLE|COLUMN|NAME

# A number from 0 to n - 1 (Park and Miller's generator: exact in the numbers of awk).
function random(n) {
    state = (state * 16807) % 2147483647
    return int(state / 2147483647 * n)
}

function one_of(list,    words, count) {
    count = split(list, words, "~")
    return words[random(count) + 1]
}

function chance(percent) {
    return random(100) < percent
}

# A name as SQL, in one of the ways there are to write it.
function quoted(name,    way) {
    way = random(12)
    if (name ~ /[^a-z0-9_]/ || way < 4) {
        return way % 4 == 0 ? "\"" name "\"" : way % 4 == 1 ? "[" name "]" : way % 4 == 2 ? "`" name "`" : "\"" name "\""
    }
    return way == 4 ? toupper(name) : name
}

function target(t,    name) {
    name = quoted(table_name[t])
    return chance(10) ? "main." name : name
}

function key(t, row) {
    return is_text_key[t] ? "'k" row "'" : row
}

function key_name(t) {
    return quoted(column_name[t, 0])
}

# The declaration of a column; of a foreign key, by the parent's name of now.
function declare(t, c,    text) {
    text = quoted(column_name[t, c]) " " type[t, c]
    if (generated[t, c] != "") {
        return text " GENERATED ALWAYS AS (" formula(t, c) ")" generated[t, c]
    }
    if (c == 0) {
        return text (is_text_key[t] ? " NOT NULL PRIMARY KEY" : has_auto[t] ? " PRIMARY KEY AUTOINCREMENT" : " PRIMARY KEY")
    }
    text = text property[t, c]
    if (parent[t, c] != "") {
        text = text " REFERENCES " quoted(table_name[parent[t, c]]) " (" key_name(parent[t, c]) ")" action[t, c]
    }
    return text
}

function formula(t, c) {
    return is_text[t, base[t, c]] ? "upper(" quoted(column_name[t, base[t, c]]) ")" : \
        quoted(column_name[t, base[t, c]]) " * 2"
}

function create_table(t, name,    c, text) {
    for (c = 0; c < columns[t]; c++) {
        if (has_column[t, c]) {
            text = text (text == "" ? "" : ",\n    ") \
                declare(t, c != swapped_a && c != swapped_b ? c : c == swapped_a ? swapped_b : swapped_a)
        }
    }
    return "CREATE TABLE " name " (\n    " text "\n)" options[t] ";\n"
}

# A condition that holds for some rows.
function some_rows(t,    name) {
    name = key_name(t)
    if (is_text_key[t]) {
        return one_of(name " >= 'k3'~" name " IN ('k1', 'k2')~" name " < 'k4'~" name " = 'k2'~length(" name ") = 2")
    }
    return one_of(name " % 2 = 0~" name " > 3~" name " IN (1, 2, 5)~" name " = 1~" name " BETWEEN 2 AND 4~" name " < 5")
}

# A column that holds values of its own and refers to nothing; 0: there is none.
function data_column(t,    c, found, count) {
    for (c = 1; c < columns[t]; c++) {
        if (has_column[t, c] && generated[t, c] == "" && parent[t, c] == "") {
            count++
            if (random(count) == 0) {
                found = c
            }
        }
    }
    return found + 0
}

# Another value for a column.
function new_value(t, c) {
    if (is_text[t, c]) {
        return one_of("'new ' || " key_name(t) "~upper(" quoted(column_name[t, c]) ") || '!'~'z' || " key_name(t))
    }
    return is_text_key[t] ? "length(" key_name(t) ") + 1000" : key_name(t) " + 1000"
}

function add_column(t, name, kind, text,    c) {
    c = columns[t]++
    column_name[t, c] = name
    type[t, c] = kind
    is_text[t, c] = (kind == "TEXT")
    property[t, c] = text
    has_column[t, c] = 1
    return c
}

# The schema.

function plan_table(t,    i, c, kind) {
    table_name[t] = word(t)
    is_there[t] = 1
    is_text_key[t] = chance(30)
    has_auto[t] = !is_text_key[t] && chance(30)
    is_strict = chance(25)
    options[t] = is_text_key[t] && chance(70) ? " WITHOUT ROWID" : ""
    if (is_strict) {
        options[t] = options[t] (options[t] == "" ? " STRICT" : ", STRICT")
    }
    columns[t] = 0
    add_column(t, "id", is_text_key[t] ? "TEXT" : "INTEGER", "")
    for (i = 0; i < 2 + random(3); i++) {
        kind = one_of("TEXT~TEXT~INTEGER~" (is_strict ? "INTEGER" : "NUMERIC"))
        c = add_column(t, one_of("name~title~note~size~colour~rank~weight~place") i, kind, "")
        property[t, c] = one_of("~~~ NOT NULL~ NOT NULL DEFAULT '7'~ DEFAULT 7~ UNIQUE~ COLLATE NOCASE~ NOT NULL UNIQUE" \
            "~ UNIQUE ON CONFLICT REPLACE")
        if (property[t, c] ~ /DEFAULT/ && is_strict) {
            property[t, c] = ""
        }
        if (chance(15)) {
            property[t, c] = property[t, c] " CHECK (length(" column_name[t, c] ") < 500)"
        }
    }
    add_column(t, "free" t, "TEXT", "")
    if (chance(40)) {
        c = data_column(t)
        add_column(t, "made", type[t, c], "")
        base[t, columns[t] - 1] = c
        generated[t, columns[t] - 1] = one_of(" STORED~ VIRTUAL")
    }
    for (i = 0; i < t && i < 2; i++) {
        if (chance(65)) {
            add_reference(t, random(t))
        }
    }
}

function word(t,    words) {
    split("users|teams|orders|line items|notes|tags|visits", words, "|")
    return words[t + 1]
}

function add_reference(t, p,    c) {
    c = add_column(t, "ref" p "_" columns[t], is_text_key[p] ? "TEXT" : "INTEGER", "")
    parent[t, c] = p
    action[t, c] = one_of("~ ON DELETE CASCADE~ ON DELETE CASCADE~ ON DELETE SET NULL~ ON DELETE RESTRICT" \
        "~ ON DELETE SET DEFAULT~ ON DELETE CASCADE ON UPDATE CASCADE~ ON DELETE SET NULL ON UPDATE CASCADE")
    if (chance(20)) {
        action[t, c] = action[t, c] " DEFERRABLE INITIALLY DEFERRED"
    }
}

function value(t, c, row) {
    if (c == 0) {
        return key(t, row)
    }
    if (parent[t, c] != "") {
        return chance(20) ? "NULL" : key(parent[t, c], 1 + random(rows[parent[t, c]]))
    }
    if (property[t, c] !~ /NOT NULL/ && chance(15)) {
        return "NULL"
    }
    return is_text[t, c] ? "'" one_of("ann~Bob~cid~Dora") " " t c row "'" : t * 1000 + c * 100 + row
}

function insert_row(t, row,    c, names, values) {
    for (c = 0; c < columns[t]; c++) {
        if (has_column[t, c] && generated[t, c] == "") {
            names = names (names == "" ? "" : ", ") column_name[t, c]
            values = values (values == "" ? "" : ", ") value(t, c, row)
        }
    }
    return "INSERT INTO \"" table_name[t] "\" (" names ") VALUES (" values ");\n"
}

function create_index(t, number,    c, name, on) {
    c = data_column(t)
    name = "index_" t "_" number
    on = " ON " quoted(table_name[t]) " "
    if (column_name[t, c] ~ /^free/) {
        return ""
    }
    return one_of("CREATE INDEX " name on "(" column_name[t, c] ");\n~" \
        "CREATE UNIQUE INDEX " name on "(" column_name[t, c] ", id);\n~" \
        "CREATE INDEX " name on "(" column_name[t, c] ") WHERE id IS NOT NULL;\n~" \
        "CREATE INDEX " name on "(lower(" column_name[t, c] "));\n")
}

# What a trigger does to another table.
function trigger_body(b,    c) {
    c = data_column(b)
    refers[b] = 1
    return one_of("DELETE FROM " quoted(table_name[b]) " WHERE " some_rows(b) ";~" \
        "UPDATE " quoted(table_name[b]) " SET " quoted(column_name[b, c]) " = " new_value(b, c) " WHERE " some_rows(b) ";~" \
        "DELETE FROM " quoted(table_name[b]) ";")
}

function create_trigger(t, number,    b) {
    b = any_table()
    return "CREATE TRIGGER trigger_" t "_" number " " one_of("AFTER~BEFORE") " " one_of("DELETE~UPDATE~INSERT~DELETE") \
        " ON " quoted(table_name[t]) " BEGIN\n    " trigger_body(b) "\nEND;\n"
}

function create_view(t,    text) {
    return "CREATE VIEW view_" t " AS SELECT " key_name(t) " AS id FROM " quoted(table_name[t]) ";\n"
}

function settings() {
    enforces = one_of("ON~OFF")
    return "PRAGMA foreign_keys = " enforces ";\nPRAGMA recursive_triggers = " one_of("ON~OFF") \
        ";\nSELECT migrate_config('foreign_key_check', '" one_of("off~off~changed") "');\n"
}

function create_schema(    t, row, text) {
    tables = 3 + random(4)
    for (t = 0; t < tables; t++) {
        plan_table(t)
        rows[t] = 4 + random(6)
        text = text create_table(t, quoted(table_name[t]))
        for (row = 1; row <= rows[t]; row++) {
            text = text insert_row(t, row)
        }
    }
    for (t = 0; t < tables; t++) {
        text = text (chance(60) ? create_index(t, 1) : "") (chance(30) ? create_index(t, 2) : "")
        text = text (chance(40) ? create_trigger(t, 1) : "")
        has_view[t] = chance(35)
        if (has_view[t]) {
            text = text create_view(t)
            view_deletes[t] = chance(50)
            if (view_deletes[t]) {
                text = text "CREATE TRIGGER view_" t "_delete INSTEAD OF DELETE ON view_" t " BEGIN\n    DELETE FROM " \
                    quoted(table_name[t]) " WHERE " key_name(t) " = old.id;\nEND;\n"
            }
        }
    }
    return text
}

# The migration.

function any_table(    t, found, count) {
    for (t = 0; t < tables; t++) {
        if (is_there[t]) {
            count++
            if (random(count) == 0) {
                found = t
            }
        }
    }
    return count == 0 ? -1 : found
}

# Notes by which name the migration calls a table, or a column.
function note_name(t, c, name) {
    if (was_there[t] && (c < 0 || had_column[t, c])) {
        names[names_count++] = old_name[t] "|" (c < 0 ? "" : old_column[t, c]) "|" name
    }
}

function drop_table(t) {
    is_there[t] = 0
    return (has_view[t] && chance(50) ? drop_view(t) : "") "DROP TABLE " (chance(30) ? "IF EXISTS " : "") target(t) ";\n"
}

function drop_view(t) {
    has_view[t] = 0
    return "DROP VIEW view_" t ";\n"
}

function rename_table(t,    text, name) {
    name = "t" t "_" ++renames
    text = "ALTER TABLE " target(t) " RENAME TO " quoted(name) ";\n"
    table_name[t] = name
    note_name(t, -1, name)
    return text
}

# Two tables change their names.
function swap_tables(t,    b, name, text) {
    b = any_table()
    if (b == t) {
        return rename_table(t)
    }
    name = "swap" ++renames
    text = "ALTER TABLE " target(t) " RENAME TO " name ";\nALTER TABLE " target(b) " RENAME TO " quoted(table_name[t]) \
        ";\nALTER TABLE " name " RENAME TO " quoted(table_name[b]) ";\n"
    note_name(t, -1, name)
    name = table_name[t]
    table_name[t] = table_name[b]
    table_name[b] = name
    note_name(t, -1, table_name[t])
    note_name(b, -1, table_name[b])
    return text
}

function free_column(t,    c) {
    for (c = 1; c < columns[t]; c++) {
        if (has_column[t, c] && column_name[t, c] ~ /^free/) {
            return c
        }
    }
    return data_column(t)
}

function drop_column(t,    c, text) {
    c = free_column(t)
    if (c == 0) {
        return drop_table(t)
    }
    text = "ALTER TABLE " target(t) " DROP COLUMN " quoted(column_name[t, c]) ";\n"
    has_column[t, c] = 0
    return text
}

function rename_column(t,    c, text, name) {
    c = chance(15) ? 0 : data_column(t)
    name = "c" ++renames
    text = "ALTER TABLE " target(t) " RENAME " (chance(70) ? "COLUMN " : "") quoted(column_name[t, c]) " TO " name ";\n"
    column_name[t, c] = name
    note_name(t, c, name)
    return text
}

# Builds a table anew, with a mistake of a kind; none: "".
function rebuild(t, mistake,    done) {
    done = rebuild_with(t, mistake)
    swapped_a = swapped_b = -1
    return done
}

function rebuild_with(t, mistake,    name, text, copy, from, legacy, c, a, b, kept, values) {
    name = table_name[t]
    from = name
    if (mistake == "gone") {
        a = data_column(t)
        for (c = 1; c < columns[t]; c++) {
            if (generated[t, c] != "" && base[t, c] == a) {
                has_column[t, c] = 0
            }
        }
        if (a > 0) {
            has_column[t, a] = 0
        }
    }
    if (mistake == "type") {
        a = data_column(t)
        if (a > 0 && options[t] !~ /STRICT/) {
            type[t, a] = is_text[t, a] ? "INTEGER" : "TEXT"
        }
    }
    if (mistake == "swapped") {
        a = data_column(t)
        b = data_column(t)
    }
    if (mistake == "moved" && !is_moved(t)) {
        mistake = "none copied"
    }
    if (mistake == "missed" || mistake == "constant" || mistake == "changed") {
        a = data_column(t)
    }
    for (c = 0; c < columns[t]; c++) {
        if (!has_column[t, c] || generated[t, c] != "" || mistake == "missed" && c == a) {
            continue
        }
        kept = kept (kept == "" ? "" : ", ") quoted(column_name[t, c])
        values = values (values == "" ? "" : ", ") (mistake == "ignore" && c == 0 ? \
            "min(" key_name(t) ", " key(t, 3) ")" : mistake == "swapped" && c == a ? quoted(column_name[t, b]) : \
            mistake == "swapped" && c == b ? quoted(column_name[t, a]) : \
            mistake == "constant" && c == a ? (is_text[t, c] ? "'x' || " key_name(t) : is_text_key[t] ? 1 : key_name(t)) : \
            mistake == "changed" && c == a ? (is_text[t, c] ? "substr(" quoted(column_name[t, c]) ", 1, 4)" : \
            quoted(column_name[t, c]) " + 1") : quoted(column_name[t, c]))
    }
    add_column(t, "more" ++renames, "TEXT", one_of("~ DEFAULT 'more'"))
    legacy = refers[t] || chance(50)
    if (legacy) {
        text = "PRAGMA legacy_alter_table = ON;\n"
    } else if (has_view[t]) {
        text = drop_view(t)
    }
    if (mistake == "order") {
        from = name "_old"
        text = text "ALTER TABLE " quoted(name) " RENAME TO " quoted(from) ";\n" create_table(t, quoted(name))
        table_name[t] = name
    } else {
        text = text create_table(t, quoted(name "_new"))
    }
    note_name(t, -1, name "_old")
    note_name(t, -1, name "_new")
    copy = "INSERT INTO " quoted(mistake == "order" ? name : name "_new") " (" kept ") SELECT " values " FROM " quoted(from)
    if (mistake == "filter") {
        copy = copy one_of(" WHERE " some_rows(t) "~ LIMIT 3~ ORDER BY 1 LIMIT 2~ WHERE EXISTS (SELECT 1 WHERE " \
            some_rows(t) ")~" \
            " JOIN (SELECT 1 AS n) ON " some_rows(t) "~ GROUP BY substr(" key_name(t) ", 2, 1)")
    } else if (mistake == "ignore") {
        sub(/INTO/, "OR " one_of("IGNORE~REPLACE") " INTO", copy)
    }
    if (mistake == "moved") {
        copy = "INSERT INTO " quoted(name "_new") " SELECT *, NULL FROM " quoted(from)
    }
    if (mistake != "none copied") {
        text = text copy ";\n"
    }
    if (mistake == "reworked") {
        table_name[t] = name "_new"
        text = text (chance(50) ? update_rows(t) : delete_rows(t))
        table_name[t] = name
    }
    text = text "DROP TABLE " quoted(from) ";\n"
    if (mistake != "order") {
        text = text "ALTER TABLE " quoted(name "_new") " RENAME TO " quoted(name) ";\n"
    }
    return text (legacy ? "PRAGMA legacy_alter_table = OFF;\n" : "")
}

# Whether the new table can have its columns in another order: then SELECT * puts values into the wrong ones. The last
# two that hold values change places.
function is_moved(t,    c, a, b) {
    for (c = 1; c < columns[t]; c++) {
        if (!has_column[t, c] || generated[t, c] != "") {
            return 0
        }
        if (parent[t, c] == "" && is_text[t, c] && property[t, c] == "" && type[t, c] == "TEXT") {
            a = b
            b = c
        }
    }
    if (a > 0) {
        swapped_a = a
        swapped_b = b
    }
    return a > 0
}

# A rebuild by CREATE TABLE AS, which keeps the values and nothing else.
function rebuild_as(t,    name, c, kept, text) {
    name = table_name[t]
    for (c = 0; c < columns[t]; c++) {
        if (has_column[t, c]) {
            kept = kept (kept == "" ? "" : ", ") quoted(column_name[t, c])
            generated[t, c] = ""
            property[t, c] = ""
            parent[t, c] = ""
        }
    }
    text = has_view[t] ? drop_view(t) : ""
    note_name(t, -1, name "_copy")
    return text "CREATE TABLE " quoted(name "_copy") " AS SELECT " kept " FROM " quoted(name) \
        (chance(40) ? " WHERE " some_rows(t) : "") \
        ";\nDROP TABLE " quoted(name) ";\nALTER TABLE " quoted(name "_copy") " RENAME TO " quoted(name) ";\n"
}

# Rows are put aside, and not all of them come back.
function put_aside(t,    name) {
    name = "aside" ++renames
    return "CREATE " one_of("TEMP ~~") "TABLE " name " AS SELECT * FROM " target(t) ";\n" \
        one_of("DELETE FROM " target(t) ";\n~" \
        "DELETE FROM " target(t) " WHERE " some_rows(t) ";\n") \
        "INSERT OR IGNORE INTO " target(t) " (" listed(t) ") SELECT " \
        listed(t) " FROM " name one_of("~ LIMIT 2~ WHERE " some_rows(t)) ";\nDROP TABLE " name ";\n"
}

# The columns that can be written.
function listed(t,    c, text) {
    for (c = 0; c < columns[t]; c++) {
        if (has_column[t, c] && generated[t, c] == "") {
            text = text (text == "" ? "" : ", ") quoted(column_name[t, c])
        }
    }
    return text
}

function delete_rows(t) {
    if (has_view[t] && view_deletes[t] && chance(40)) {
        return "DELETE FROM view_" t (chance(50) ? " WHERE id IN (SELECT id FROM view_" t " LIMIT 2)" : "") ";\n"
    }
    if (chance(25)) {
        return "DELETE FROM " target(t) ";\n"
    }
    return one_of("~WITH few AS (SELECT 1) ") "DELETE FROM " target(t) " WHERE " \
        one_of(some_rows(t) "~1~" some_rows(t)) ";\n"
}

function update_rows(t,    c, name) {
    c = data_column(t)
    if (chance(12)) {
        return "UPDATE " target(t) " SET " key_name(t) " = " \
            (is_text_key[t] ? key_name(t) " || 'x'" : key_name(t) " + 100") \
            " WHERE " some_rows(t) ";\n"
    }
    if (c == 0) {
        return delete_rows(t)
    }
    name = quoted(column_name[t, c])
    if (chance(15)) {
        return "UPDATE OR REPLACE " target(t) " SET " name " = " (is_text[t, c] ? "'same'" : "5") \
            " WHERE " some_rows(t) ";\n"
    }
    if (chance(15)) {
        return "UPDATE " target(t) " SET " name " = n.v FROM (SELECT " (is_text[t, c] ? "'from'" : "77") " AS v) AS n" \
            one_of("~ WHERE " some_rows(t)) ";\n"
    }
    return "UPDATE " target(t) " SET " name " = " one_of(new_value(t, c) "~" new_value(t, c) "~NULL") \
        one_of("~ WHERE " some_rows(t) "~ WHERE " some_rows(t)) ";\n"
}

# Puts a row in the place of one that is there, or a value in the place of another.
function replace_row(t,    c, names_, values, row, way) {
    row = 1 + random(rows[t] + 2)
    for (c = 0; c < columns[t]; c++) {
        if (has_column[t, c] && generated[t, c] == "" && parent[t, c] == "" && \
            (c == 0 || property[t, c] ~ /NOT NULL/ || chance(60))) {
            names_ = names_ (names_ == "" ? "" : ", ") quoted(column_name[t, c])
            values = values (values == "" ? "" : ", ") value(t, c, c == 0 ? row : row + 50)
        }
    }
    way = one_of("REPLACE~INSERT OR REPLACE~INSERT OR IGNORE~INSERT")
    c = data_column(t)
    return way " INTO " target(t) " (" names_ ") VALUES (" values ")" \
        (way == "INSERT" ? " ON CONFLICT (" key_name(t) ") DO " \
        one_of("NOTHING~UPDATE SET " quoted(column_name[t, c]) " = " (is_text[t, c] ? "'upsert'" : "99")) : "") ";\n"
}

# What loses nothing by itself; the trigger may, when a later statement fires it.
function add_something(t,    c, name) {
    name = "added" ++renames
    if (chance(30)) {
        return "CREATE TRIGGER " name " AFTER " one_of("DELETE~UPDATE~INSERT") " ON " quoted(table_name[t]) " BEGIN\n    " \
            trigger_body(any_table()) "\nEND;\n"
    }
    if (chance(30)) {
        return "CREATE TABLE " name " (id INTEGER PRIMARY KEY, ref " (is_text_key[t] ? "TEXT" : "INTEGER") " REFERENCES " \
            quoted(table_name[t]) " ON DELETE CASCADE);\nINSERT INTO " name " (ref) SELECT " key_name(t) \
            " FROM " target(t) ";\n"
    }
    return "ALTER TABLE " target(t) " ADD COLUMN " name " TEXT" one_of("~  DEFAULT 'd'") \
        ";\nUPDATE " target(t) " SET " name " = " \
        key_name(t) ";\n"
}

function change(t,    way) {
    way = random(100)
    if (way < 9) {
        return drop_table(t)
    }
    if (way < 17) {
        return drop_column(t)
    }
    if (way < 24) {
        return rename_table(t)
    }
    if (way < 28) {
        return swap_tables(t)
    }
    if (way < 34) {
        return rename_column(t)
    }
    if (way < 60) {
        return rebuild(t, one_of("~none copied~filter~filter~swapped~missed~constant~changed~gone~type" \
            "~ignore~order~moved~reworked~reworked"))
    }
    if (way < 64) {
        return rebuild_as(t)
    }
    if (way < 75) {
        return delete_rows(t)
    }
    if (way < 86) {
        return update_rows(t)
    }
    if (way < 92) {
        return replace_row(t)
    }
    if (way < 95) {
        return put_aside(t)
    }
    return add_something(t)
}

# What it comes to.

function compare(    t, c, old, new, text) {
    for (t = 0; t < tables; t++) {
        if (!was_there[t]) {
            continue
        }
        old = "old.\"" old_name[t] "\""
        if (!is_there[t]) {
            text = text "SELECT 'table', '" old_name[t] "', '', count(*) FROM " old " HAVING count(*) > 0;\n"
            continue
        }
        new = "main.\"" table_name[t] "\" AS n"
        text = text "SELECT 'rows', '" old_name[t] "', '', count(*) FROM " old " AS o WHERE NOT EXISTS (SELECT 1 FROM " new \
            " WHERE n.\"" column_name[t, 0] "\" = o.\"" old_column[t, 0] "\") HAVING count(*) > 0;\n"
        # What the migration itself has added is nobody's data.
        for (c = 1; c < first_columns[t]; c++) {
            if (had_column[t, c]) {
                text = text compare_column(t, c, old, new)
            }
        }
    }
    return text
}

function compare_column(t, c, old, new,    matched, before, behind, head) {
    before = "o.\"" old_column[t, c] "\""
    head = "', '" old_name[t] "', '" old_column[t, c] "', count(*) FROM " old " AS o"
    # Of rows that are still there; keys can be there twice, where a rebuild has lost the constraint.
    matched = "(SELECT 1 FROM " new " WHERE n.\"" column_name[t, 0] "\" = o.\"" old_column[t, 0] "\""
    if (!has_column[t, c]) {
        return "SELECT 'column" head " WHERE " before " IS NOT NULL AND EXISTS " matched ") HAVING count(*) > 0;\n"
    }
    behind = "n.\"" column_name[t, c] "\""
    return "SELECT 'values" head " WHERE EXISTS " matched ") AND NOT EXISTS " matched " AND typeof(" before ") || quote(" \
        before ") = typeof(" behind ") || quote(" behind ")) HAVING count(*) > 0;\n"
}

# Notes how everything is called before an operation.
function remember(    t, c) {
    names_count = 0
    for (t = 0; t < tables; t++) {
        was_there[t] = is_there[t]
        old_name[t] = table_name[t]
        note_name(t, -1, table_name[t])
        for (c = 0; c < columns[t]; c++) {
            had_column[t, c] = has_column[t, c]
            old_column[t, c] = column_name[t, c]
            note_name(t, c, column_name[t, c])
            # What is said of a column is said of those that are computed from it.
            if (generated[t, c] != "") {
                note_name(t, c, column_name[t, base[t, c]])
            }
        }
    }
}

# Begins the numbers of the schema, or of an attempt at an operation.
function begin(number, attempt,    i) {
    state = seed * 7919 + number * 104729 + attempt * 1299709 + 1
    for (i = 0; i < 10; i++) {
        random(2)
    }
}

function write(name, text) {
    printf "%s", text >(out "/" name)
    close(out "/" name)
}

function finish(number,    i, text) {
    write(number ".compare", compare())
    for (i = 0; i < names_count; i++) {
        text = text names[i] "\n"
    }
    write(number ".names", text)
}

BEGIN {
    swapped_a = swapped_b = -1
    begin(0, 0)
    write("settings.sql", settings())
    write("schema.sql", create_schema())
    for (t = 0; t < tables; t++) {
        first_columns[t] = columns[t]
    }
    remember()
    finish(0)
    operations = 1 + random(6)
    split(attempts, attempt, ",")
    for (number = 1; number <= operations; number++) {
        begin(number, attempt[number])
        remember()
        text = "-- migrate: allow broken-view\n"
        switched = chance(8)
        if (switched) {
            text = text "-- migrate: no-transaction\nPRAGMA foreign_keys = ON;\n"
        }
        for (i = 0; i <= random(3) && any_table() >= 0; i++) {
            text = text change(any_table())
        }
        if (switched) {
            text = text "PRAGMA foreign_keys = " enforces ";\n"
        }
        if (text !~ /\n[^-]/) {
            break
        }
        write(number ".sql", text)
        finish(number)
    }
}
