#!/usr/bin/env bats
# docs/ci.md: what its commands print, and whether its pipelines are what they say.

# shellcheck disable=SC2016 # the expressions are those of the page

load ../helpers/migrate
load ../readme/document
load page

setup() {
    use_scratch
    use_page
}

@test "docs/ci.md: shows what its commands print" {
    run_page docs/ci.md
    [ "$commands" -ge 8 ]
}

@test "docs/ci.md: its pipelines are YAML" {
    local number
    awk '/^```yaml$/ { number++; inside = 1; next } /^```/ { inside = 0 } inside { print >("pipeline." number) }' "$root/docs/ci.md"
    # The second one goes into the first, as a step.
    sed -i 's/^      //' pipeline.2
    for number in 1 2 3; do
        ruby -ryaml -e 'YAML.safe_load(File.read(ARGV[0])) or exit 1' "pipeline.$number"
    done
    [ ! -e pipeline.4 ]
    [ "$(ruby -ryaml -e 'puts YAML.safe_load(File.read("pipeline.3"))["preflight"]["artifacts"]["reports"]["junit"]')" = preflight.xml ]
}

@test "docs/ci.md: the programs of its pipelines are there, and take the options they are given" {
    local line words
    while IFS= read -r line; do
        read -ra words <<<"$line"
        [ -f "$root/${words[1]#sqlite-migrate/}" ]
        [ "${words[1]##*/}" = setup.sh ] || {
            cp -R "$root/migrations" .
            # An option that is not known ends with 64.
            DATABASE_URL=sqlite:app.db run -0 sh "$root/${words[1]#sqlite-migrate/}" "${words[@]:2}" --scripts on
            rm -r migrations
        }
    done < <(sed -n 's/^ *- \(run: \)\{0,1\}sh sqlite-migrate/sh sqlite-migrate/p' "$root/docs/ci.md")
    [ -s preflight.xml ]
}
