# shellcheck shell=sh disable=SC2154
# What became of the last run, for Prometheus' textfile collector. A file may serve several connections:
# what is in it for others stays. It is written beside its place and moved there, so a collector never
# reads half of it; it holds nothing secret, and others have to be able to read it.
#
# The names begin with sqlite_migrate_backup_ and carry the label `connection`:
#
#   last_run_timestamp_seconds      when the last run ended
#   last_run_status                 its exit status: 0 is well
#   last_success_timestamp_seconds  when the last one that went well ended
#   duration_seconds, size_bytes, verified (1)   of that run, the one that went well

# Writes file $1 for label $2: exit status $3, bytes $4, seconds $5, verified $6 (1 or 0). Fails with
# the exit status, after a warning, when it cannot.
metrics_write() {
    if [ -d "$1" ]; then
        warn "cannot write the metrics: $1 is a folder"
        return 73
    fi
    case $1 in
    /*) metrics_file=$1 ;;
    *) metrics_file=./$1 ;;
    esac
    # A collector reads what ends in .prom, and this does not.
    metrics_new=$metrics_file.$$.new
    metrics_old=/dev/null
    [ ! -f "$metrics_file" ] || metrics_old=$metrics_file
    metrics_now=$(date +%s) || metrics_now=0
    metrics_text=$(metrics_lines "$2" "$3" "$4" "$5" "$6" "$metrics_now" <"$metrics_old") || metrics_text=
    rm -f -- "$metrics_new"
    # printf notices that the disk is full; not every awk does.
    [ -n "$metrics_text" ] && (set -C && printf '%s\n' "$metrics_text" >"$metrics_new") 2>/dev/null &&
        chmod 644 "$metrics_new" && mv -f -- "$metrics_new" "$metrics_file" && return 0
    rm -f -- "$metrics_new"
    warn "cannot write the metrics to $1"
    return 74
}

# Prints the file anew from what was in it (standard input).
metrics_lines() {
    awk -v label="$1" -v status="$2" -v bytes="$3" -v seconds="$4" -v verified="$5" -v now="$6" '
        BEGIN {
            count = split("last_run_timestamp_seconds last_run_status last_success_timestamp_seconds " \
                "duration_seconds size_bytes verified", name, " ")
            help["last_run_timestamp_seconds"] = "When the last run ended."
            help["last_run_status"] = "The exit status of the last run."
            help["last_success_timestamp_seconds"] = "When the last run that went well ended."
            help["duration_seconds"] = "How long the last run that went well took."
            help["size_bytes"] = "The size of its snapshot."
            help["verified"] = "Whether its snapshot was verified."
            prefix = "sqlite_migrate_backup_"
            mine = "{connection=\"" label "\"}"
        }
        /^sqlite_migrate_backup_[a-z_]+[{]connection="[^"]*"[}] [-0-9.e+]+$/ {
            metric = substr($0, length(prefix) + 1, index($0, "{") - length(prefix) - 1)
            if (index($1, mine)) own[metric] = $0
            else others[metric] = others[metric] $0 "\n"
        }
        function sample(metric, value) {
            own[metric] = prefix metric mine " " value
        }
        END {
            sample("last_run_timestamp_seconds", now)
            sample("last_run_status", status)
            if (status == 0) {
                sample("last_success_timestamp_seconds", now)
                sample("duration_seconds", seconds)
                sample("size_bytes", bytes)
                sample("verified", verified)
            }
            for (number = 1; number <= count; number++) {
                metric = name[number]
                if (others[metric] own[metric] == "") continue
                print "# HELP " prefix metric " " help[metric]
                print "# TYPE " prefix metric " gauge"
                printf "%s%s", others[metric], own[metric] == "" ? "" : own[metric] "\n"
            }
        }
    '
}
