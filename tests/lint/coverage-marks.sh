#!/bin/sh
# Code that is left out of the coverage says why, behind the mark: GCOVR_EXCL_LINE: the reason.
# A STOP ends what a START gave the reason for.
. tests/lint/lib/prelude.sh

awk '
    /(GCOVR|LCOV|GCOV)_EXCL/ && !/GCOVR_EXCL_STOP/ && !/GCOVR_EXCL_[A-Z_]+: +[^ *]+ +[^ *]/ {
        print FILENAME ":" FNR ": excluded from the coverage without a reason"
        failed = 1
    }
    END { exit failed }
' ext/*.[ch]
