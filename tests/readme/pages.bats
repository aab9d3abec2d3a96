#!/usr/bin/env bats
# The pages: their length, their links, the files that they name.

# shellcheck disable=SC2016 # the backquotes are those of the pages

load ../helpers/migrate
load document

setup() {
    use_scratch
    cd "$root" || return
}

pages() {
    printf '%s\n' *.md docs/*.md backups/README.md migrations/README.md
}

# The anchors of a page: its headings, as a web page of them has them.
anchors() { # <page>
    sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

@test "README.md: is read in one go" {
    [ "$(wc -l <README.md)" -le 250 ]
}

@test "pages: every link leads somewhere" {
    local page link target
    for page in $(pages); do
        while IFS= read -r link; do
            target=$(dirname "$page")/${link%%#*}
            [ -n "${link%%#*}" ] || target=$page
            [ -e "$target" ] || {
                printf '%s: there is no %s\n' "$page" "$link"
                return 1
            }
            [[ $link != *#* ]] || anchors "$target" | grep -qx -e "${link#*#}" || {
                printf '%s: there is no heading for %s\n' "$page" "$link"
                return 1
            }
        done < <(tr '\n' ' ' <"$page" | grep -o ']([^) ]*)' | sed 's/^](//; s/)$//' | grep -v '^https:')
    done
}

@test "pages: every file of the project that they name is there" {
    local page name
    for page in $(pages); do
        while IFS= read -r name; do
            [ -e "$name" ] || {
                printf '%s names %s, which is not there\n' "$page" "$name"
                return 1
            }
        done < <(grep -oE '`(ext|tests|scripts|docs)/[A-Za-z0-9_./-]*`' "$page" | tr -d '`')
    done
}

@test "architecture.md: names every module of the layers it draws" {
    local module
    for module in $(tr '\n' ' ' <ext/LAYERS); do
        [[ $module == script_* || $module == table_* ]] && continue
        fenced docs/architecture.md text | grep -qw "$module" || {
            printf 'not in the picture: %s\n' "$module"
            return 1
        }
    done
}
