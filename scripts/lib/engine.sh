# shellcheck shell=sh disable=SC2034,SC2154
# The interface that every engine has. The programs know these functions and nothing else about a
# database. Those of one engine are in scripts/engines/ENGINE/, a file for each part.
#
# client: where the database is, and how it is spoken to
#
#   engine_open DATABASE PROGRAMS     what to work on, and the folder that the scripts are in; sets
#                                     engine_shown, the name of the database in messages
#   engine_exists                     true when there is a database already
#   engine_version                    the version of the engine, into $scratch/rows
#
# migrations: what changes a database
#
#   engine_apply TARGET               each of these four changes the database and prints the version
#   engine_rollback WHAT              that it is at afterwards into $scratch/rows; an empty target is
#   engine_to VERSION                 everything, an empty what is one operation
#   engine_redo WHAT
#   engine_baseline VERSION           the same, without running anything
#   engine_repair VERSION OUTCOME     settles an operation: completed, rollback, accept
#   engine_verify                     fails with the first error that is found
#   engine_rehearse TARGET            tries engine_apply TARGET on a copy; rows: see lib/rehearsal.sh
#   engine_script FROM TO             the SQL from one version to another, into $scratch/rows; an empty
#                                     FROM is the database's version, an empty TO the folder's last
#   engine_seed FILE...               runs SQL files, in one transaction
#   engine_fresh_begin                from here on, a new and empty database is worked on
#   engine_fresh_end                  puts it in the place of the old one, whose new name is then in
#                                     engine_old (empty when there was none)
#
# views: what there is to read
#
#   engine_rows VIEW [ARGUMENT]       the rows of a view, into $scratch/rows
#   engine_json VIEW [ARGUMENT]       the same as one line of JSON
#
# Views, and the columns of their rows (times are UTC, ISO 8601; what is not known is empty):
#
#   status    version, task, description, date, state, when, milliseconds, reversible (1 or 0)
#   pending   the same, of what is to be applied
#   current   version; and `last`: the highest version of the folder
#   history   id, version, task, action, outcome, when, milliseconds, actor, error
#   problems  severity, problem, place, message, hint
#   show      version, task, description, date, state, when, milliseconds, path, checksum, rollback
#             code (1 or 0), code, rollback code; ARGUMENT is the version
#   up        version, task, description, direction, path: what engine_apply ARGUMENT would do
#   plan      the columns of migrations_plan but `dir`, in another order, of what engine_apply ARGUMENT would run
#   obstacles message, hint: the first thing that would stop engine_apply ARGUMENT
#   down, to  the same as up for engine_rollback ARGUMENT and engine_to ARGUMENT
#   empty     1 when the database holds nothing at all
#   last_attempt    the id of the newest attempt in the history, or 0
#   rollback_codes  version, code: what rolling back would run, of each completed operation
#   undone    version, path: what was rolled back after the attempt whose id is ARGUMENT
#   known_up, known_down, known_to  1 when ARGUMENT is what the command takes, and is there; nothing is too, but for to
#
# The other parts say at their heads what they have: capture, configuration (what environments are
# compared by), snapshot, trim, restore (copies of a database), schema, load (its schema as SQL).
#
# In rows, a unit separator (octal 037) stands between two columns and a record separator (036)
# behind each row; values do not hold them. In JSON, the columns are the names of the values.
#
# A function that fails returns 1; engine_status is then the exit status for it, engine_message the
# whole message, hint included. What goes on meanwhile is shown on standard error as option
# `progress` says (MIGRATE_PROGRESS), unless engine_silent is set, and stays in $scratch/progress.

# Loads the parts $1... of the engine that the connection has, after the client. What the engines of
# servers share is in scripts/engines/server/.
engine_load() {
    # shellcheck source=../engines/sqlite/client.sh
    . "$here/engines/$connection_engine/client.sh"
    for engine_part; do
        engine_file=$here/engines/$connection_engine/$engine_part.sh
        [ -f "$engine_file" ] || engine_file=$here/engines/server/$engine_part.sh
        # shellcheck source=/dev/null
        . "$engine_file"
    done
}

# Ends the program as the engine says.
engine_die() {
    die "$engine_status" "$engine_message"
}

# Opens the database of connection $1 for a program, with the parts $2... of its engine.
database_open() {
    dotenv_read
    connection_open "$1"
    shift
    engine_load "$@"
    engine_open "$connection_database" "$here"
}

# Ends a program that has nothing to do where there is no database.
database_is_there() {
    engine_exists || die 66 "there is no database $engine_shown" "check --connection, DATABASE_URL and the working directory"
}

# For what needs the folder alone: the extension with an empty database of its own.
folder_open() {
    connection_engine=sqlite
    engine_load views
    engine_open :memory: "$here"
}
