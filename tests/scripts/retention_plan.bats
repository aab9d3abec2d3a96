#!/usr/bin/env bats
# Which snapshots stay: the decision alone, on lists of names.

# shellcheck disable=SC2016 # what stands in single quotes is for others

load ../helpers/migrate
load library

setup() {
    use_scratch
    use_library retention_plan
}

# The plan for names on standard input, at the end of the year 2099 unless $now says another.
plan() { # <last> <daily> <weekly> <monthly> <least>
    cat >names
    library 'retention_plan default "$@" <names' "${now-20991231T235959Z}" "$@"
}

# The same for days (YYYYMMDD), a snapshot each at noon. Prints the days that stay, on one line.
days_kept() { # <last> <daily> <weekly> <monthly> <least> <day>...
    local policy=("${@:1:5}")
    printf 'default_%sT120000Z_snapshot.sqlite\n' "${@:6}" | plan "${policy[@]}" >verdicts
    sed -n 's/^keep default_\([0-9]*\)T.*/\1/p' verdicts | tr '\n' ' '
}

@test "retention_plan: keeps the newest snapshots, whatever order they come in" {
    [ "$(days_kept 2 0 0 0 1 20260103 20260105 20260101 20260104)" = "20260105 20260104 " ]
}

@test "retention_plan: keeps the newest snapshot of each of the newest days" {
    run plan 0 2 0 0 1 <<'NAMES'
default_20260102T235959Z_a.sqlite
default_20260102T000000Z_b.sqlite
default_20260101T120000Z_c.sqlite
default_20260101T115959Z_d.sqlite
default_20251231T120000Z_e.sqlite
NAMES
    [ "$output" = "keep default_20260102T235959Z_a.sqlite
remove default_20260102T000000Z_b.sqlite
keep default_20260101T120000Z_c.sqlite
remove default_20260101T115959Z_d.sqlite
remove default_20251231T120000Z_e.sqlite" ]
}

@test "retention_plan: begins a week with Monday" {
    # 2026-11-16 is a Monday.
    [ "$(days_kept 0 0 2 0 1 20261108 20261109 20261115 20261116)" = "20261116 20261115 " ]
}

@test "retention_plan: counts the days at the turn of the year to the week that they are in" {
    # 2024-12-30 to 2025-01-05 is week 1 of 2025.
    [ "$(days_kept 0 0 9 0 1 20241229 20241230 20241231 20250101 20250105 20250106)" = "20250106 20250105 20241229 " ]
}

@test "retention_plan: knows the years that have a week 53" {
    # 2020-12-28 to 2021-01-03 is week 53 of 2020.
    [ "$(days_kept 0 0 9 0 1 20201227 20201228 20210101 20210103 20210104)" = "20210104 20210103 20201227 " ]
}

@test "retention_plan: counts the leap day as a day, and to its week and month" {
    [ "$(days_kept 0 3 0 0 1 20240228 20240229 20240301)" = "20240301 20240229 20240228 " ]
    [ "$(days_kept 0 0 0 2 1 20240228 20240229 20240301)" = "20240301 20240229 " ]
    [ "$(days_kept 0 0 2 0 1 20240225 20240226 20240229 20240303)" = "20240303 20240225 " ]
}

@test "retention_plan: keeps the newest snapshot of each of the newest months, over the turn of the year" {
    [ "$(days_kept 0 0 0 3 1 20251130 20251201 20251231 20260101 20260131)" = "20260131 20251231 20251130 " ]
}

@test "retention_plan: keeps what any of the numbers keeps" {
    [ "$(days_kept 1 2 2 2 1 20260301 20260215 20260216 20260227 20260228)" = "20260301 20260228 20260216 " ]
}

@test "retention_plan: agrees with another calendar over three years" {
    cat >oracle.py <<'PYTHON'
# The same rules in the words of another language and its calendar.
import datetime, random, sys

random.seed(int(sys.argv[1]))
last, daily, weekly, monthly, least = map(int, sys.argv[2:7])
start = datetime.datetime(2023, 12, 1)
times = {start + datetime.timedelta(seconds=random.randrange(3 * 366 * 86400)) for _ in range(900)}
names, kept = [], set()
for kind, limit, period in (
    ("last", last, lambda time: time),
    ("day", daily, lambda time: time.date()),
    ("week", weekly, lambda time: time.strftime("%G-W%V")),
    ("month", monthly, lambda time: (time.year, time.month)),
    ("least", least, lambda time: time),
):
    seen = []
    for time in sorted(times, reverse=True):
        if period(time) not in seen and len(seen) < limit:
            seen.append(period(time))
            kept.add(time)
form = "default_%Y%m%dT%H%M%SZ_snapshot.sqlite"
with open("names", "w") as file:
    file.writelines(time.strftime(form) + "\n" for time in random.sample(sorted(times), len(times)))
for time in sorted(times, reverse=True):
    print("keep" if time in kept else "remove", time.strftime(form))
PYTHON
    local policy seed=0
    for policy in '7 0 0 0 3' '0 30 0 0 3' '0 0 200 0 3' '0 0 0 40 3' '3 14 8 24 3' '0 400 0 0 1' '0 0 53 0 1' '1 1 1 1 5'; do
        seed=$((seed + 1))
        # shellcheck disable=SC2086 # the numbers are words
        python3 oracle.py "$seed" $policy >expected
        # shellcheck disable=SC2086
        library 'retention_plan default "$@" <names' 20991231T235959Z $policy >plan
        diff expected plan
    done
}

@test "retention_plan: keeps the newest of a label whatever the numbers say" {
    [ "$(days_kept 1 0 0 0 3 20260101 20260102 20260103 20260104)" = "20260104 20260103 20260102 " ]
}

@test "retention_plan: keeps everything when nothing was said" {
    [ "$(days_kept 0 0 0 0 3 20200101 20210101 20220101 20230101 20990101)" = "20990101 20230101 20220101 20210101 20200101 " ]
}

@test "retention_plan: counts from the newest snapshot, so months without a run make nothing old" {
    now=20360101T000000Z
    [ "$(days_kept 0 3 0 0 1 20260101 20260102 20260103)" = "20260103 20260102 20260101 " ]
}

@test "retention_plan: keeps what a clock that was ahead has made, and counts without it" {
    now=20261121T000000Z
    run plan 2 0 0 0 1 <<'NAMES'
default_20361121T000000Z_snapshot.sqlite
default_20261121T000000Z_snapshot.sqlite
default_20261120T000000Z_snapshot.sqlite
default_20261119T000000Z_snapshot.sqlite
NAMES
    [ "$output" = "aside default_20361121T000000Z_snapshot.sqlite
keep default_20261121T000000Z_snapshot.sqlite
keep default_20261120T000000Z_snapshot.sqlite
remove default_20261119T000000Z_snapshot.sqlite" ]
}

@test "retention_plan: removes no older snapshot while the clock is ten years ahead" {
    now=20361121T120000Z
    [ "$(days_kept 0 3 0 0 1 20261119 20261120 20361121)" = "20361121 20261120 20261119 " ]
}

@test "retention_plan: removes nothing newer while the clock is ten years behind" {
    now=20161121T120000Z
    run plan 1 0 0 0 1 <<'NAMES'
default_20261120T120000Z_snapshot.sqlite
default_20261119T120000Z_snapshot.sqlite
default_20161121T120000Z_snapshot.sqlite
default_20161121T110000Z_snapshot.sqlite
NAMES
    [ "$output" = "aside default_20261120T120000Z_snapshot.sqlite
aside default_20261119T120000Z_snapshot.sqlite
keep default_20161121T120000Z_snapshot.sqlite
remove default_20161121T110000Z_snapshot.sqlite" ]
}

@test "retention_plan: keeps a snapshot of some tables, and counts without it" {
    run plan 1 0 0 0 1 <<'NAMES'
default_20260103T000000Z_snapshot.partial.sqlite.gz.age
default_20260102T000000Z_snapshot.sqlite
default_20260101T000000Z_snapshot.partial.sqlite
default_20251231T000000Z_snapshot.sqlite
NAMES
    [ "$output" = "aside default_20260103T000000Z_snapshot.partial.sqlite.gz.age
keep default_20260102T000000Z_snapshot.sqlite
aside default_20260101T000000Z_snapshot.partial.sqlite
remove default_20251231T000000Z_snapshot.sqlite" ]
}

@test "retention_plan: leaves every name alone that is not exactly a snapshot of the label" {
    run plan 1 0 0 0 1 <<'NAMES'
default_20260105T000000Z_snapshot.sqlite
reports_20260104T000000Z_snapshot.sqlite
default-2_20260104T000000Z_snapshot.sqlite
defaults_20260104T000000Z_snapshot.sqlite
default_20260104T000000Z_snapshot.sqlite.sha256
default_20260104T000000Z_snapshot.sqlite.gz.gz
default_20260104T000000Z_snapshot.sqlite.age.gz
default_20260104T000000Z_snapshot.db
default_20260104T000000Z_.sqlite
default_20260104T000000Z_-x.sqlite
default_20260104T000000Z_a b.sqlite
default_20260104T000000_snapshot.sqlite
default_20260104000000Z_snapshot.sqlite
default_20260230T000000Z_snapshot.sqlite
default_20250229T000000Z_snapshot.sqlite
default_20261301T000000Z_snapshot.sqlite
default_20260100T000000Z_snapshot.sqlite
default_20260104T240000Z_snapshot.sqlite
default_20260104T006000Z_snapshot.sqlite
xdefault_20260104T000000Z_snapshot.sqlite
REGISTER.md

default_20260103T000000Z_a.b_c-2.sqlite.zst.gpg
NAMES
    [ "$output" = "keep default_20260105T000000Z_snapshot.sqlite
remove default_20260103T000000Z_a.b_c-2.sqlite.zst.gpg" ]
}

@test "retention_plan: takes a dot in a label for a dot" {
    printf '%s\n' a.b_20260102T000000Z_x.sqlite a.b_20260101T000000Z_x.sqlite a-b_20260101T000000Z_x.sqlite >names
    [ "$(library 'retention_plan a.b 20270101T000000Z 1 0 0 0 1 <names')" = "keep a.b_20260102T000000Z_x.sqlite
remove a.b_20260101T000000Z_x.sqlite" ]
}

@test "retention_plan: decides the same with every awk" {
    local tool
    printf 'default_%sT120000Z_snapshot.sqlite\n' 2024{01,02,03,04,05,06,07,08,09,10,11,12}{01,02,09,15,16,28} \
        2025{01,02,03}{01,05,06,28} >names
    library 'retention_plan default 20270101T000000Z 2 3 20 8 3 <names' >expected
    [ "$(grep -c ^remove expected)" -gt 20 ]
    mkdir bin
    for tool in mawk gawk original-awk busybox; do
        command -v "$tool" >/dev/null || continue
        ln -sf "$(command -v "$tool")" bin/awk
        PATH=$PWD/bin:$PATH library 'retention_plan default 20270101T000000Z 2 3 20 8 3 <names' >plan
        diff expected plan
    done
}
