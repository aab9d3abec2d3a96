# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What PostgreSQL says about its configuration; see server/configuration.sh.

. "$here/engines/server/configuration.sh"

# The session has no options of ours, which would hide what the server has in their place.
configuration_facts() {
    if [ "$1" = settings ]; then
        configuration_allowed || return 1
    fi
    configuration_text="SELECT '$1', replace(replace(name, chr(30), '?'), chr(31), '?'), kind,
        replace(replace(value, chr(30), '?'), chr(31), '?') FROM ($(configuration_view "$1")) AS fact (name, kind, value) ORDER BY 2"
    configuration_options=$PGOPTIONS
    PGOPTIONS=${PGOPTIONS%"$server_options"}
    configuration_result=0
    server_ask "$configuration_text;" || configuration_result=1
    PGOPTIONS=$configuration_options
    return "$configuration_result"
}

# A user without the role sees fewer settings, and is not told.
configuration_allowed() {
    server_value "SELECT CASE WHEN pg_has_role('pg_read_all_settings', 'USAGE') THEN 1 ELSE 0 END" || return 1
    [ "$server_answer" = 1 ] && return
    engine_status=77
    engine_message="the user does not see all settings
hint: GRANT pg_read_all_settings TO the user, or leave out the key settings"
    return 1
}

# Prints the query of key $1: rows of name, kind and value.
configuration_view() (
    case $1 in
    settings)
        # Not where the server is: its folders, files, port and name. A name with a point in it is of the
        # application, or of an extension.
        printf '%s' "SELECT name, CASE WHEN name LIKE '%.%' OR name = 'ssl_passphrase_command' THEN 'named' ELSE 'value' END,
                current_setting(name) || CASE WHEN pending_restart THEN ' (another one after a restart)' ELSE '' END
            FROM pg_catalog.pg_settings WHERE (pending_restart OR source NOT IN ('default', 'override', 'client', 'session', 'interactive', 'test',
                'database', 'user', 'database user', 'global', 'dynamic default', 'environment variable'))
            AND name NOT IN ('data_directory', 'config_file', 'hba_file', 'ident_file', 'external_pid_file', 'port',
                'unix_socket_directories', 'cluster_name')
            UNION ALL SELECT 'server_version', 'text', current_setting('server_version')"
        ;;
    extensions) printf '%s' "SELECT extname, 'text', extversion FROM pg_catalog.pg_extension" ;;
    roles)
        # PostgreSQL's own roles are the same everywhere, but for their members.
        printf '%s' "SELECT rolname, 'text', concat_ws(', ', CASE WHEN rolsuper THEN 'superuser' END,
                CASE WHEN rolcanlogin THEN 'login' ELSE 'no login' END, CASE WHEN NOT rolinherit THEN 'no inherit' END,
                CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolcreatedb THEN 'createdb' END,
                CASE WHEN rolreplication THEN 'replication' END, CASE WHEN rolbypassrls THEN 'bypassrls' END,
                CASE WHEN rolconnlimit >= 0 THEN 'connection limit ' || rolconnlimit END,
                CASE WHEN rolvaliduntil IS NOT NULL THEN 'valid until ' || (rolvaliduntil AT TIME ZONE 'UTC') || ' UTC' END,
                (SELECT string_agg(DISTINCT 'member of ' || pg_get_userbyid(roleid) || CASE WHEN admin_option THEN ' with admin option' ELSE '' END,
                    ', ') FROM pg_catalog.pg_auth_members WHERE member = r.oid))
            FROM pg_catalog.pg_roles AS r WHERE rolname NOT LIKE 'pg\\_%'"
        ;;
    database)
        # Columns that came and went with versions are taken from the row as a whole.
        printf '%s' "SELECT name, 'text', value FROM pg_catalog.pg_database AS d, LATERAL (VALUES
                ('encoding', pg_encoding_to_char(encoding)), ('collation', datcollate), ('ctype', datctype),
                ('locale_provider', to_jsonb(d) ->> 'datlocprovider'),
                ('locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale')),
                ('owner', pg_get_userbyid(datdba)), ('connection_limit', datconnlimit::text),
                ('allow_connections', datallowconn::text), ('is_template', datistemplate::text),
                ('tablespace', (SELECT spcname FROM pg_catalog.pg_tablespace AS t WHERE t.oid = dattablespace))) AS fact (name, value)
            WHERE datname = current_database() AND value IS NOT NULL
            UNION ALL SELECT CASE WHEN setrole = 0 AND setdatabase = 0 THEN 'all roles' WHEN setrole = 0 THEN 'database' WHEN setdatabase = 0 THEN 'role ' || pg_get_userbyid(setrole)
                ELSE 'role ' || pg_get_userbyid(setrole) || ' in the database' END || ': ' || split_part(setting, '=', 1),
                'named', substr(setting, strpos(setting, '=') + 1)
            FROM pg_catalog.pg_db_role_setting, unnest(setconfig) AS setting
            WHERE setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))"
        ;;
    *) die 64 "there is no key $1" ;;
    esac
)
