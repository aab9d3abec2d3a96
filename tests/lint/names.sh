#!/bin/sh
# A file is named for the thing it owns. These names own everything, so nothing.
. tests/lint/lib/prelude.sh

found=$(find ext scripts | grep -E '/[^/]*(utils?|common|helpers?|misc|manager)[^/]*$') || exit 0
printf '%s\n' "$found" | sed 's/$/:1: which one thing does it own?/'
exit 1
