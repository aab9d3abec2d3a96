# Where a process listens, from what the kernel says of it.

# Prints the paths of its sockets and its ports, those of the loopback address in digits; sorted.
listens() { # <process>
    local sockets
    sockets=$(readlink "/proc/$1/fd"/* | sed -n 's/^socket:\[\(.*\)\]$/\1/p')
    awk -v sockets="$sockets" '
        BEGIN {
            n = split(sockets, list)
            for (i = 1; i <= n; i++) {
                ours[list[i]] = 1
            }
        }
        FILENAME ~ /unix$/ && $4 == "00010000" && $7 in ours { print $8 }
        FILENAME ~ /tcp6?$/ && $4 == "0A" && $10 in ours { print $2 }
    ' "/proc/$1/net/tcp" "/proc/$1/net/tcp6" "/proc/$1/net/unix" | sort | while IFS=: read -r place port; do
        case $place in
        0100007F) printf '127.0.0.1:%d\n' "0x$port" ;;
        *) printf '%s\n' "$place${port:+:$port}" ;;
        esac
    done
}
