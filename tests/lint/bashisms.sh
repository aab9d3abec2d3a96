#!/bin/sh
# POSIX shell only, `local` included.
. tests/lint/lib/prelude.sh
lint_need checkbashisms

lint_shell_files checkbashisms --posix --force
