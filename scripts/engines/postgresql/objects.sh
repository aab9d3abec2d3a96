# shellcheck shell=sh disable=SC2034,SC2154
# The objects of a database of PostgreSQL, each with a digest of what it means: for the comparison of
# schemas, not for making them again. Not among them: what extensions have brought, sequences
# and functions that are part of a column or a type, the tracking tables, owners, privileges, comments, rows and storage.
#
#   objects_ready     asks the server what has to be known for the rest
#   objects_begin     prints what begins a session that asks for them: one snapshot, and a search path
#                     that no environment has to itself
#   objects_query     prints the query for them: name, digest
#
# With option `schema`, these are the objects of that schema, and names go without it, so that schemas of
# the same kind can be compared. Functions that the server has for the text of an object are told to be
# pretty: then they leave out a schema that is on the search path. Some do not know that.

objects_ready() {
    :
}

objects_begin() {
    objects_path="''"
    [ -z "${MIGRATE_SCHEMA-}" ] || objects_path=$(server_quote_name "$MIGRATE_SCHEMA")
    printf 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSET LOCAL search_path = %s;\n' "$objects_path"
}

objects_query() {
    objects_tracking=$(server_quote "${MIGRATE_TABLE:-migration}")
    objects_log=$(server_quote "${MIGRATE_TABLE:-migration}_log")
    objects_where="nspname !~ '^pg_' AND nspname <> 'information_schema'"
    objects_prefix="quote_ident(nspname) || '.'"
    if [ -n "${MIGRATE_SCHEMA-}" ]; then
        objects_where="nspname = $(server_quote "$MIGRATE_SCHEMA")"
        objects_prefix="''"
    fi
    printf '%s' "WITH place AS (SELECT oid, nspname, $objects_prefix AS prefix FROM pg_catalog.pg_namespace WHERE $objects_where),
        brought AS (SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e' OR deptype = 'i'
            AND (classid = 'pg_catalog.pg_proc'::regclass
                OR classid = 'pg_catalog.pg_class'::regclass AND refclassid = 'pg_catalog.pg_class'::regclass)),
        relation AS (SELECT c.*, prefix || quote_ident(relname) AS name FROM pg_catalog.pg_class AS c
            JOIN place ON place.oid = relnamespace WHERE relname NOT IN ($objects_tracking, $objects_log)
            AND NOT EXISTS (SELECT 1 FROM brought WHERE classid = 'pg_catalog.pg_class'::regclass AND objid = c.oid)),
        object (name, meaning) AS ("
    objects_relations
    objects_columns
    objects_parts
    objects_routines
    objects_types
    [ -n "${MIGRATE_SCHEMA-}" ] || objects_database
    printf '%s\n' ") SELECT replace(replace(name, chr(30), '?'), chr(31), '?') AS name,
        encode(sha256(convert_to(coalesce(meaning, ''), 'UTF8')), 'hex') AS digest FROM object"
}

# Tables with the order of their columns, views, sequences.
objects_relations() {
    printf '%s' "SELECT CASE relkind WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || name,
            concat_ws(chr(10), relkind, relpersistence, relrowsecurity, relforcerowsecurity, relispartition, reloptions::text,
                pg_get_partkeydef(c.oid), pg_get_expr(relpartbound, c.oid, true),
                (SELECT string_agg(inhparent::regclass::text, ',' ORDER BY inhseqno) FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid),
                (SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_catalog.pg_attribute
                    WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
                (SELECT concat(srvname, ftoptions) FROM pg_catalog.pg_foreign_table JOIN pg_catalog.pg_foreign_server AS s
                    ON s.oid = ftserver WHERE ftrelid = c.oid))
        FROM relation AS c WHERE relkind IN ('r', 'p', 'f')
        UNION ALL SELECT CASE relkind WHEN 'm' THEN 'materialized view ' ELSE 'view ' END || name,
            concat_ws(chr(10), reloptions::text, pg_get_viewdef(oid, true)) FROM relation WHERE relkind IN ('v', 'm')
        UNION ALL SELECT 'sequence ' || name, concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle)
        FROM relation JOIN pg_catalog.pg_sequence ON seqrelid = oid"
}

objects_columns() {
    printf '%s' " UNION ALL SELECT 'column ' || name || '.' || quote_ident(attname), concat_ws(chr(10),
            format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
            CASE WHEN attcollation <> typcollation THEN attcollation::regcollation::text END, pg_get_expr(adbin, adrelid, true))
        FROM relation AS c JOIN pg_catalog.pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
        JOIN pg_catalog.pg_type AS t ON t.oid = atttypid LEFT JOIN pg_catalog.pg_attrdef ON adrelid = c.oid AND adnum = attnum
        WHERE relkind IN ('r', 'p', 'f', 'c')"
}

# What belongs to a table. The index of a constraint is part of it; that a column is not null is part of
# the column.
objects_parts() {
    printf '%s' " UNION ALL SELECT 'index ' || name, concat_ws(chr(10), pg_get_indexdef(c.oid, 0, true), indisvalid, indisclustered, indisreplident)
        FROM relation AS c JOIN pg_catalog.pg_index ON indexrelid = c.oid
        WHERE indrelid IN (SELECT oid FROM relation)
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE conindid = c.oid AND contype IN ('p', 'u', 'x'))
        UNION ALL SELECT 'constraint ' || name || '.' || quote_ident(conname), pg_get_constraintdef(o.oid, true)
        FROM relation AS c JOIN pg_catalog.pg_constraint AS o ON conrelid = c.oid WHERE contype NOT IN ('t', 'n')
        UNION ALL SELECT 'trigger ' || name || '.' || quote_ident(tgname), concat_ws(chr(10), pg_get_triggerdef(t.oid, true), tgenabled)
        FROM relation AS c JOIN pg_catalog.pg_trigger AS t ON tgrelid = c.oid WHERE NOT tgisinternal
        UNION ALL SELECT 'rule ' || name || '.' || quote_ident(rulename), concat_ws(chr(10), pg_get_ruledef(r.oid, true), ev_enabled)
        FROM relation AS c JOIN pg_catalog.pg_rewrite AS r ON ev_class = c.oid WHERE rulename <> '_RETURN'
        UNION ALL SELECT 'policy ' || name || '.' || quote_ident(polname), concat_ws(chr(10), polcmd, polpermissive,
            (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE pg_get_userbyid(role) END, ',' ORDER BY pg_get_userbyid(role))
                FROM unnest(polroles) AS role), pg_get_expr(polqual, polrelid, true), '-', pg_get_expr(polwithcheck, polrelid, true))
        FROM relation AS c JOIN pg_catalog.pg_policy ON polrelid = c.oid
        UNION ALL SELECT 'statistics ' || prefix || quote_ident(stxname),
            CASE WHEN prefix = '' THEN replace(pg_get_statisticsobjdef(s.oid), quote_ident(nspname) || '.', '') ELSE pg_get_statisticsobjdef(s.oid) END
        FROM pg_catalog.pg_statistic_ext AS s JOIN place ON place.oid = stxnamespace
        WHERE stxrelid IN (SELECT oid FROM relation)"
}

objects_routines() {
    printf '%s' " UNION ALL SELECT CASE prokind WHEN 'p' THEN 'procedure ' WHEN 'a' THEN 'aggregate ' ELSE 'function ' END
            || prefix || quote_ident(proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
            CASE WHEN prokind <> 'a' THEN CASE WHEN prefix = '' THEN replace(pg_get_functiondef(p.oid), quote_ident(nspname) || '.', '')
                ELSE pg_get_functiondef(p.oid) END
            ELSE (SELECT concat_ws(chr(10), aggkind, aggtransfn, aggfinalfn, aggcombinefn, aggtranstype::regtype, agginitval, proparallel)
                FROM pg_catalog.pg_aggregate WHERE aggfnoid = p.oid) END
        FROM pg_catalog.pg_proc AS p JOIN place ON place.oid = pronamespace
        WHERE NOT EXISTS (SELECT 1 FROM brought WHERE classid = 'pg_catalog.pg_proc'::regclass AND objid = p.oid)"
}

# Types that stand for themselves: a table, and an array, have one too.
objects_types() {
    printf '%s' " UNION ALL SELECT CASE typtype WHEN 'e' THEN 'enum ' WHEN 'd' THEN 'domain ' ELSE 'type ' END || prefix || quote_ident(typname),
            concat_ws(chr(10), typtype,
                (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = t.oid),
                CASE WHEN typtype = 'd' THEN concat_ws(chr(10), format_type(typbasetype, typtypmod), typnotnull, typdefault,
                    (SELECT string_agg(quote_ident(conname) || ' ' || pg_get_constraintdef(oid, true), chr(10) ORDER BY conname)
                        FROM pg_catalog.pg_constraint WHERE contypid = t.oid AND contype <> 'n')) END,
                (SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_catalog.pg_attribute
                    WHERE typtype = 'c' AND attrelid = typrelid AND attnum > 0 AND NOT attisdropped),
                (SELECT rngsubtype::regtype::text FROM pg_catalog.pg_range WHERE rngtypid = t.oid))
        FROM pg_catalog.pg_type AS t JOIN place ON place.oid = typnamespace
        WHERE (typtype IN ('e', 'd', 'r') OR typtype = 'c' AND typrelid IN (SELECT oid FROM relation WHERE relkind = 'c'))
        AND NOT EXISTS (SELECT 1 FROM brought WHERE classid = 'pg_catalog.pg_type'::regclass AND objid = t.oid)"
}

# What is in no schema.
objects_database() {
    printf '%s' " UNION ALL SELECT 'schema ' || quote_ident(nspname), nspname FROM place
        WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend WHERE deptype = 'e' AND objid = place.oid
            AND classid = 'pg_catalog.pg_namespace'::regclass)
        UNION ALL SELECT 'event trigger ' || quote_ident(evtname), concat_ws(chr(10), evtevent, evtfoid::regprocedure, evtenabled, evttags)
        FROM pg_catalog.pg_event_trigger AS e WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend
            WHERE deptype = 'e' AND objid = e.oid AND classid = 'pg_catalog.pg_event_trigger'::regclass)"
}
