# shellcheck shell=sh disable=SC2154
# Configuration in JSON, for config_file.sh. The sqlite3 shell reads it, so nothing else has to be there.

# Writes the values of JSON file $1, whose text is in $scratch/text, into file $2. The sqlite3 shell
# reads it. A number that it cannot hold exactly is taken as it is written.
config_json() {
    ! grep -qE '(^|[^\])(\\\\)*\\u0000' "$scratch/text" || die 65 "$1 holds a character that is zero (\\u0000)"
    config_quoted=$(quote_sql "$scratch/text")
    sql_run -ascii :memory: "CREATE TABLE doc AS SELECT CAST(readfile($config_quoted) AS TEXT) AS text;
        SELECT 'invalid' FROM doc WHERE NOT json_valid(text);
        CREATE TABLE node AS SELECT id, parent, key, type, atom, fullkey FROM doc, json_tree(text) WHERE json_valid(text);
        CREATE INDEX node_parent ON node (parent);
        WITH leaf (id, name, prefix) AS (SELECT id, '', '' FROM node WHERE parent IS NULL UNION ALL
            SELECT node.id, leaf.prefix || replace(replace(node.key, '~', '~0'), '/', '~1'),
                leaf.prefix || replace(replace(node.key, '~', '~0'), '/', '~1') || '/'
            FROM leaf JOIN node ON node.parent = leaf.id)
        SELECT hex(name), CASE type WHEN 'integer' THEN 'number' WHEN 'real' THEN 'number'
            WHEN 'text' THEN 'text' ELSE 'json' END,
            hex(CASE WHEN type IN ('object', 'array') THEN iif(type = 'array', '[]', '{}')
                WHEN type IN ('null', 'true', 'false') THEN type
                WHEN typeof(atom) <> 'real' OR fullkey LIKE '%\\%' OR fullkey LIKE '%\"\"%' THEN atom
                ELSE (SELECT text -> fullkey FROM doc) END)
        FROM leaf JOIN node USING (id)
        WHERE type NOT IN ('object', 'array') OR id NOT IN (SELECT parent FROM node WHERE parent IS NOT NULL)
            AND (type = 'array' OR parent IS NOT NULL);
        SELECT 'end'" >"$scratch/rows" 2>"$scratch/error" ||
        die 65 "cannot read $1 as JSON" "it may be nested too deeply, or too large"
    config_awk '
        BEGIN { RS = "\036"; FS = "\037"; status = 74 }
        $1 == "invalid" { print "it is not valid"; status = 65; exit }
        $1 == "end" { status = 0; exit }
        { secret_emit(json_bytes($1), $2, json_bytes($3)) }
        END { if (status == 0) json_end(); exit status }
    ' <"$scratch/rows" >"$2" || config_end "$?" "$1" "$2" JSON
}
