# shellcheck shell=sh disable=SC2034,SC2154,SC2030,SC2031 source-path=SCRIPTDIR/../..
# What MySQL or MariaDB says about its configuration; see server/configuration.sh.

. "$here/engines/server/configuration.sh"

# What is another on each host or after each start: names, numbers and addresses of the server, its folders,
# files and sockets, the positions of replication, what follows from the hardware.
configuration_machine=$(printf '%s' 'hostname server_(id|uid|uuid) port (extra|admin|mysqlx)_port admin_address (mysqlx_)?socket pid_file
    (data|base|tmp|plugin|character_sets|lc_messages)_?dir (slave|replica)_load_tmpdir innodb_(data_home|log_group_home|temp_tablespaces|doublewrite)_dir
    innodb_undo_directory aria_log_dir_path log_error (general_log|slow_query_log|log_slow_query)_file (log_bin|relay_log)(_basename|_index)?
    relay_log_info_file gtid_.*(pos|state|executed|purged) report_.* wsrep_node_.* wsrep_(start_position|data_home_dir) large_page_size thread_pool_size' |
    tr -s ' \n' '||')

# Names of variables that hold a secret. More of them only sound so.
configuration_secret='filekey|secret|sst_auth|passphrase|_password$|_token$'

configuration_facts() {
    objects_ready || return 1
    configuration_text=$(configuration_view "$1") || exit
    server_ask "SET SESSION group_concat_max_len = 1048576;
        SELECT '$1', replace(replace(name, CHAR(30 USING utf8mb4), '?'), CHAR(31 USING utf8mb4), '?'), kind,
        replace(replace(coalesce(value, ''), CHAR(30 USING utf8mb4), '?'), CHAR(31 USING utf8mb4), '?')
        FROM ($configuration_text) AS fact ORDER BY 2;" && return
    [ "$server_code" != 1142 ] || engine_message="$engine_message
hint: GRANT SELECT ON mysql.* TO the user, or leave out the key $1"
    return 1
}

# Prints the query of key $1: rows of name, kind and value.
configuration_view() (
    database=$(server_quote "$url_database")
    case $1 in
    settings)
        if [ "$objects_flavour" = mariadb ]; then
            variables=information_schema.global_variables
        else
            variables=performance_schema.global_variables
        fi
        printf '%s' "SELECT lower(variable_name) AS name, CASE WHEN lower(variable_name) REGEXP '$configuration_secret'
                AND lower(variable_name) <> 'disconnect_on_expired_password' THEN 'named' WHEN lower(variable_name) = 'optimizer_switch' THEN 'text'
                ELSE 'value' END AS kind, variable_value AS value FROM $variables WHERE lower(variable_name) NOT REGEXP '^($configuration_machine)\$'"
        ;;
    extensions)
        # Those that are built in come with the version.
        printf '%s' "SELECT plugin_name AS name, 'text' AS kind, concat(plugin_version, ' ', plugin_library) AS value
            FROM information_schema.plugins WHERE plugin_status = 'ACTIVE' AND plugin_library IS NOT NULL"
        ;;
    roles)
        # MariaDB lists the privileges of roles nowhere but as a number.
        privileges="SELECT concat(group_concat(DISTINCT p.privilege_type ORDER BY p.privilege_type SEPARATOR ', '),
            IF(max(p.is_grantable) = 'YES', ' with grant option', ''))"
        everywhere="($privileges FROM information_schema.user_privileges AS p WHERE p.grantee = who)"
        inside="($privileges FROM information_schema.schema_privileges AS p WHERE p.grantee = who AND p.table_schema = $database)"
        if [ "$objects_flavour" = mariadb ]; then
            users="SELECT concat(user, '@', host) AS name, concat('''', user, '''@''', host, '''') AS who,
                concat_ws(', ', IF(json_value(priv, '\$.is_role'), 'role',
                    nullif(json_value(priv, '\$.plugin'), '')),
                concat('or ', json_value(priv, '\$.auth_or[0].plugin')), concat('or ', json_value(priv, '\$.auth_or[1].plugin')),
                IF(json_value(priv, '\$.account_locked'), 'locked', NULL),
                (SELECT group_concat(concat('member of ', m.role) ORDER BY m.role SEPARATOR ', ') FROM mysql.roles_mapping AS m
                    WHERE m.user = g.user AND m.host = g.host)) AS kept,
                concat('global privileges ', json_value(priv, '\$.access')) AS bits FROM mysql.global_priv AS g"
        else
            users="SELECT concat(user, '@', host) AS name, concat('''', user, '''@''', host, '''') AS who,
                concat_ws(', ', plugin, IF(account_locked = 'Y', 'locked', NULL),
                (SELECT group_concat(concat('member of ', m.from_user, '@', m.from_host) ORDER BY m.from_user, m.from_host SEPARATOR ', ')
                    FROM mysql.role_edges AS m WHERE m.to_user = g.user AND m.to_host = g.host)) AS kept, NULL AS bits FROM mysql.user AS g"
        fi
        printf '%s' "SELECT name, 'text' AS kind, concat_ws('; ', nullif(kept, ''), coalesce($everywhere, bits),
            concat('in the database: ', $inside)) AS value FROM ($users) AS account"
        ;;
    database)
        printf '%s' "SELECT 'character_set' AS name, 'text' AS kind, default_character_set_name AS value
            FROM information_schema.schemata WHERE schema_name = $database
            UNION ALL SELECT 'collation', 'text', default_collation_name FROM information_schema.schemata WHERE schema_name = $database"
        ;;
    *) die 64 "there is no key $1" ;;
    esac
)
