# shellcheck shell=sh
# Texts in the forms that HTTP wants, with nothing but awk and od.

# Prints $1 as a path in a URL: every byte but letters, digits and -._~/ as %XX.
encode_path() {
    printf '%s' "$1" | od -A n -v -t x1 | awk '
        BEGIN {
            digits = "0123456789abcdef"
            plain = "-./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"
            for (code = 33; code < 127; code++) {
                character = sprintf("%c", code)
                if (index(plain, character)) text[substr(digits, int(code / 16) + 1, 1) substr(digits, code % 16 + 1, 1)] = character
            }
        }
        { for (byte = 1; byte <= NF; byte++) printf "%s", $byte in text ? text[$byte] : "%" toupper($byte) }
    '
}

# Prints the bytes of the hexadecimal $1 in base64.
encode_base64() {
    printf '%s' "$1" | awk '{
        digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (at = 1; at <= length($0); at += 6) {
            group = substr($0 "0000", at, 6)
            value = 0
            for (digit = 1; digit <= 6; digit++) value = value * 16 + index("123456789abcdef", substr(group, digit, 1))
            bytes = int((length($0) - at + 1) / 2)
            for (sextet = 0; sextet < 4; sextet++) {
                printf "%s", sextet <= bytes ? substr(digits, int(value / 262144) + 1, 1) : "="
                value = value % 262144 * 64
            }
        }
    }'
}
