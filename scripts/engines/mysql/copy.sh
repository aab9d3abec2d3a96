# shellcheck shell=sh disable=SC2016,SC2034,SC2154 source-path=SCRIPTDIR/../..
# Scratch databases of MySQL and MariaDB; server/copy.sh says what is in here.

. "$here/engines/server/copy.sh"

# Sets copy_like to what the database is made with: its character set and its collation.
copy_properties() {
    copy_here=$(server_quote "$url_database")
    server_value "SELECT concat('CHARACTER SET ', default_character_set_name, ' COLLATE ', default_collation_name)
        FROM information_schema.schemata WHERE schema_name = $copy_here" || return 1
    copy_like=$server_answer
}

# Runs the statement $1, whose rows go to $scratch/rows.
copy_say() {
    printf '%s;\n' "$1" >"$scratch/say.sql" || die 74 "cannot write into the temporary folder"
    server_run "$scratch/say.sql" "$scratch/rows"
}

copy_make() {
    copy_properties || return 1
    copy_say "CREATE DATABASE $1 $copy_like" && return
    case $engine_status in
    77)
        engine_fail 77 "cannot make a scratch database, in which a dump is proven: $engine_message" \
            "GRANT ALL ON \`migrate\\_scratch\\_%\`.* TO the user, which an administrator can do, gives the right"
        ;;
    *) engine_message="cannot make a scratch database: $engine_message" ;;
    esac
    return 1
}

# A dump that begins with a line for newer clients of MariaDB cannot be read by others, who take it for a
# command. Sets copy_skip when this client is such a one.
copy_probe() {
    copy_skip=
    copy_first=$(head -n 1 -- "$1" | cut -c 1-100)
    case $copy_first in
    '/*M!999999\- '*) ;;
    *) return 0 ;;
    esac
    printf '%s\nDO 0;\n' "$copy_first" >"$scratch/probe.sql"
    server_run "$scratch/probe.sql" "$scratch/rows" || copy_skip=yes
}

# The client on database $1 with file $2. The shell takes the line that is not for it, and no byte more.
copy_feed() {
    {
        [ -z "$copy_skip" ] || read -r copy_first
        exec "$server_client" --defaults-file="$scratch/options" --batch --skip-column-names --unbuffered --skip-force \
            --default-character-set=utf8mb4 --skip-reconnect --skip-auto-rehash --skip-show-warnings \
            --max-allowed-packet=1G --database="$1"
    } <"$2"
}

# A new database is as empty as any other.
copy_furnish() {
    :
}

# In a scratch database no event must run: it may change another database.
copy_fill() {
    copy_probe "$2"
    if [ "$1" = "$copy_name" ] && grep -q '^/[*]!50106 CREATE.* EVENT ' "$2"; then
        rm -f -- "$scratch/quiet"
        mkfifo -- "$scratch/quiet" || die 73 "cannot make a named pipe in the temporary folder" "check TMPDIR"
        awk '/^\/[*]!50106 CREATE.* EVENT / && match($0, / ON COMPLETION (NOT )?PRESERVE ENABLE /) {
                $0 = substr($0, 1, RSTART + RLENGTH - 8) "DISABLE " substr($0, RSTART + RLENGTH)
            }
            { print }' "$2" >"$scratch/quiet" &
        copy_quiet=$!
        set -- "$1" "$scratch/quiet"
    fi
    copy_result=0
    server_start "$scratch/rows" copy_feed "$@" || copy_result=1
    [ -z "${copy_quiet-}" ] || wait "$copy_quiet" || [ "$copy_result" -ne 0 ] ||
        engine_fail 74 "cannot read the dump" "check the disk" || return 1
    copy_quiet=
    [ "$copy_result" -ne 0 ] || return 0
    case $server_code in
    1227 | 1370) engine_message="$engine_message
hint: views, triggers and routines belong to a DEFINER, which only an administrator can make another user" ;;
    1153) engine_message="$engine_message
hint: max_allowed_packet of the server must be larger than a row of the dump" ;;
    *) ;;
    esac
    return 1
}

# Makes database $1 anew with the options $2, and puts file $3 into it. While it is not complete, it has the
# table $server_unfinished.
copy_anew() {
    copy_anew_name=$(server_quote_name "$1")
    copy_say "DROP DATABASE IF EXISTS $copy_anew_name; CREATE DATABASE $copy_anew_name $2;
CREATE TABLE $copy_anew_name.$server_unfinished (since timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP) ENGINE=InnoDB;
INSERT INTO $copy_anew_name.$server_unfinished VALUES (DEFAULT)" &&
        copy_fill "$1" "$3" && copy_say "DROP TABLE $copy_anew_name.$server_unfinished"
}

copy_drop() (
    trap '' HUP INT TERM
    name=$(server_quote_name "$1")
    # Through a pipe, for the disk may be full.
    for copy_try in 1 2 3; do
        printf 'DROP DATABASE IF EXISTS %s;\n' "$name" |
            "$server_client" --defaults-file="$scratch/options" --batch >/dev/null 2>&1 9<&- 8<&- 7<&- && exit 0
        sleep 1 9<&- 8<&- 7<&-
    done
    exit 1
)

copy_look() {
    copy_home=$url_database
    copy_home_schema=${MIGRATE_SCHEMA-}
    url_database=$1
    export MIGRATE_SCHEMA="$1"
}

copy_back() {
    if [ -n "$copy_name" ] && [ "$url_database" = "$copy_name" ]; then
        url_database=$copy_home
        export MIGRATE_SCHEMA="$copy_home_schema"
    fi
}

# Whoever works in one can be seen with the privilege PROCESS, or is this user.
copy_leftover="SELECT schema_name FROM information_schema.schemata AS s WHERE schema_name LIKE 'migrate!_scratch!_%' ESCAPE '!'
    AND NOT EXISTS (SELECT 1 FROM information_schema.processlist AS p WHERE p.db = s.schema_name)"

copy_text() {
    snapshot_program || return 1
    copy_read "$scratch/copied" snapshot_dump --routines --events "$1"
}

copy_text_of() {
    copy_read "$scratch/given" cat -- "$1"
}

# Rows stand behind INSERT, in the same line or in those that follow it, and each ends with a comma or a
# semicolon.
copy_split() {
    COPY_REST=$copy_rest awk '
        BEGIN {
            rest = ENVIRON["COPY_REST"]
            printf "" >(rest ".head")
        }
        /^-- (MariaDB|MySQL) dump / { print >(rest ".head") }
        inside || /^INSERT INTO / {
            inside = !/;$/
            sub(/[,;]$/, "")
            print
            next
        }
        /^-- / && !/^-- (Table|Final view|Temporary)/ { next }
        { print >rest }'
}

# Prints what objects the SQL in file $1 defines. A trigger is there as somebody has written it.
copy_objects() {
    sed -n -e 's/^-- Table structure for table /table /p' -e 's/^-- Final view structure for view /view /p' \
        -e 's/^\/\*!50003 CREATE\*\/ .*\/\*!50003 //p' \
        -e 's/^\/\*!50106 CREATE\*\/ .* EVENT \(`[^`]*`\).*/event \1/p' \
        -e 's/^CREATE .*FUNCTION \(`[^`]*`\).*/function \1/p' -e 's/^CREATE .*PROCEDURE \(`[^`]*`\).*/procedure \1/p' "$1"
}

copy_count() {
    copy_here=$(server_quote "$url_database")
    server_ask "SELECT concat('SELECT count(*) FROM \`', replace(table_name, '\`', '\`\`'), '\`;')
        FROM information_schema.tables WHERE table_schema = $copy_here AND table_type = 'BASE TABLE'" || return 1
    tr '\036' '\n' <"$scratch/rows" >"$scratch/count.sql"
    server_run "$scratch/count.sql" "$scratch/answer" || return 1
    engine_row_count=$(awk '{ sum += $1 } END { printf "%.0f", sum }' "$scratch/answer")
}
