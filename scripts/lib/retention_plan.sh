# shellcheck shell=sh disable=SC2154 source-path=SCRIPTDIR/..
# Which snapshots of a label stay. Pure: names in, verdicts out; no clock, no folder.
#
# What is counted is snapshots, and the days, weeks (Monday to Sunday, as ISO 8601 has them) and months
# that have one, from the newest snapshot back; of each day, week and month the newest stays. Times are
# those in the names, which are UTC. So neither a wrong clock nor a month without a run makes anything
# old. A snapshot whose time is yet to come (the clock was wrong when it was taken) stays and is not
# counted; nor is one of some tables only (.partial), which is no copy of the database.

. "$here/lib/format.sh"

# Reads base names and prints a line for each that is a snapshot of label $1, newest first: `keep` or
# `remove` and the name, or `aside` for what stays without being counted. $2 is the time now
# (20261121T101500Z); the rest are numbers: keep-last, keep-daily, keep-weekly, keep-monthly, min-keep.
# Names of another form get no line. When the first four are 0, everything stays.
retention_plan() {
    awk -v label="$1" -v now="$2" -v last="$3" -v daily="$4" -v weekly="$5" -v monthly="$6" -v least="$7" \
        -v ending="$format_ending" '
        function month_length(year, month) {
            if (month == 2) return 28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
            return 30 + (month == 1 || month == 3 || month == 5 || month == 7 || month == 8 || month == 10 || month == 12)
        }
        function is_time(text,    month, day) {
            if (length(text) != 16 || text !~ /^[0-9]+T[0-9]+Z$/ || substr(text, 9, 1) != "T") return 0
            month = substr(text, 5, 2) + 0
            day = substr(text, 7, 2) + 0
            return month >= 1 && month <= 12 && day >= 1 && day <= month_length(substr(text, 1, 4) + 0, month) &&
                substr(text, 10, 2) < "24" && substr(text, 12, 2) < "60" && substr(text, 14, 2) < "61"
        }
        # Weeks since the one that 1970-01-01, a Thursday, was in. Years begin with March here, so that
        # the leap day is the last day of one.
        function week_number(text,    year, month, days) {
            year = substr(text, 1, 4) + 0
            month = substr(text, 5, 2) - 3
            if (month < 0) {
                month += 12
                year--
            }
            days = substr(text, 7, 2) + int((153 * month + 2) / 5) + 365 * year + int(year / 4) - int(year / 100) + int(year / 400)
            return int((days - 719469 + 3) / 7)
        }
        # 1 for the first snapshot of a period, while there are fewer than `limit` periods.
        function opens(kind, period, limit) {
            if (count[kind] + 0 >= limit || (kind, period) in seen) return 0
            seen[kind, period] = 1
            count[kind]++
            return 1
        }
        substr($0, 1, length(label) + 1) == label "_" {
            time = substr($0, length(label) + 2, 16)
            if (!is_time(time)) next
            if (substr($0, length(label) + 18) !~ "^_[A-Za-z0-9_][A-Za-z0-9._-]*" ending) next
            # Names of the same second stay in the order in which they came.
            for (place = ++names; place > 1 && times[place - 1] < time; place--) {
                times[place] = times[place - 1]
                name[place] = name[place - 1]
            }
            times[place] = time
            name[place] = $0
        }
        END {
            for (place = 1; place <= names; place++) {
                time = times[place]
                if (last + daily + weekly + monthly == 0) verdict = "keep"
                else if (time > now || (match(name[place], ending) && substr(name[place], RSTART, 9) == ".partial.")) verdict = "aside"
                else {
                    # A sum, for each of them has to see the snapshot.
                    reasons = opens("last", place, last) + opens("day", substr(time, 1, 8), daily) + \
                        opens("week", week_number(time), weekly) + opens("month", substr(time, 1, 6), monthly) + \
                        opens("least", place, least)
                    verdict = reasons > 0 ? "keep" : "remove"
                }
                print verdict, name[place]
            }
        }
    '
}
