# Reads one TAP stream, prints its failures as they stand, and ends with "PASSED FAILED SKIPPED".
#
# -v status=N is the exit status of the program that wrote the stream. What was planned and did not
# report counts as failed; so does a program without a plan, with an empty plan, or that died.

function note(text) {
    printf "  # %s\n", text
}

BEGIN {
    plan = -1
}

/^1\.\.[0-9]+/ {
    plan = substr($1, 4) + 0
    next
}

/^not ok/ {
    failed++
    failing = 1
    printf "  %s\n", $0
    next
}

/^ok/ {
    failing = 0
    if (tolower($0) ~ /# skip/) {
        skipped++
        printf "  %s\n", $0
    } else {
        passed++
    }
    next
}

/^Bail out!/ {
    bailed = 1
    note($0)
    next
}

failing {
    printf "  %s\n", $0
}

END {
    seen = passed + failed + skipped
    if (plan < 0) {
        failed++
        note("no plan: the suite died or ran nothing")
    } else if (plan == 0) {
        failed++
        note("the plan is empty")
    } else if (seen < plan) {
        failed += plan - seen
        note((plan - seen) " of " plan " planned tests did not report")
    } else if (seen > plan) {
        failed++
        note(seen " tests reported, " plan " were planned")
    } else if (bailed || (status != 0 && failed == 0)) {
        failed++
        note("the suite ended with exit status " status)
    }
    printf "%d %d %d\n", passed, failed, skipped
}
