# shellcheck shell=sh disable=SC2154 source-path=SCRIPTDIR/..
# What every program is made of; `here` is the folder of the programs. A program sets `program` to its
# name.

. "$here/lib/prelude.sh"
. "$here/lib/message.sh"
. "$here/lib/sql.sh"
. "$here/lib/quote.sh"
. "$here/lib/scratch.sh"
. "$here/lib/outcome.sh"
. "$here/lib/dotenv.sh"
. "$here/lib/connection.sh"
. "$here/lib/engine.sh"
