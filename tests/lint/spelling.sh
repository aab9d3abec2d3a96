#!/bin/sh
# Words that are commonly misspelt. tests/lint/lib/words holds the words that are right here.
. tests/lint/lib/prelude.sh
lint_need codespell

lint_all_files codespell --ignore-words tests/lint/lib/words
