# The examples of docs/lint.md, as files, and ways to run them: on the SQLite of this machine and on the newest.

# shellcheck source-path=SCRIPTDIR
source "${BASH_SOURCE[0]%/*}/../helpers/newest_sqlite.bash"

# Writes the examples below the folder $examples, once for a test file.
lint_examples() {
    local top
    top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export examples=$BATS_FILE_TMPDIR/examples
    mkdir "$examples"
    awk -v out="$examples" -f "$BATS_TEST_DIRNAME/lint_examples.awk" "$top/docs/lint.md"
}

# The numbers of the examples of a kind: a pattern.
numbers() { # <pattern>
    local file
    for file in "$examples"/*.kind; do
        [[ $(<"$file") =~ ^($1)$ ]] || continue
        file=${file##*/}
        printf '%s\n' "${file%.kind}"
    done | sort -n
}

# What the example says of itself, or nothing.
of_example() { # <number> <what>
    [ ! -e "$examples/$1.$2" ] || cat "$examples/$1.$2"
}

# Makes the folder of an example in a new directory and goes there. A third argument is put into its up file as
# the first line, or into its down file.
use_example() { # <number> [<line> [up|down]]
    local up down
    rm -rf "$BATS_TEST_TMPDIR/example"
    mkdir -p "$BATS_TEST_TMPDIR/example/$folder"
    cd "$BATS_TEST_TMPDIR/example" || return
    up=$(of_example "$1" up)
    down=$(of_example "$1" down)
    case ${3-} in
    up) up=$2$'\n'$up ;;
    down) down=$2$'\n'$down ;;
    *) ;;
    esac
    operation 0001 TASK-1 example "$up" "$down"
    if [ -e "$examples/$1.query" ]; then
        mkdir "$folder/queries"
        cp "$examples/$1.query" "$folder/queries/example.sql"
    fi
}

# Runs SQL behind what the example starts from, on one connection.
in_example() { # <number> <sql>
    local dialect=sqlite
    [[ $(of_example "$1" rule) != pg-* ]] || dialect=postgresql
    {
        of_example "$1" before
        printf '%s;\n' ".output /dev/null
SELECT migrate_config('dialect', '$dialect')" ".output
$2"
    } >script.sql
    mig <script.sql
}

# Says what is wrong with an example.
complain() { # <number> <what>
    printf 'docs/lint.md:%s: %s: %s\n' "$(of_example "$1" line)" "$(of_example "$1" rule)" "$2"
    complaints=$((complaints + 1))
}
