#!/usr/bin/env bats
# docs/schema-restore.md: what its commands print.

load ../helpers/migrate
load ../readme/document
load page

setup() {
    use_scratch
    use_page
}

@test "docs/schema-restore.md: shows what its commands print" {
    run_page docs/schema-restore.md
    [ "$commands" -gt 15 ]
}
