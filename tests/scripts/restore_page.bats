#!/usr/bin/env bats
# backups/README.md, docs/backup-and-rollback.md, docs/rollback-log.md: what their commands print.

load ../helpers/migrate
load ../readme/document
load page

setup() {
    use_scratch
    use_page
}

@test "backups/README.md: shows what its commands print" {
    run_page backups/README.md
    [ "$commands" -ge 9 ]
}

@test "docs/backup-and-rollback.md: shows what its commands print" {
    run_page docs/backup-and-rollback.md
    [ "$commands" -ge 25 ]
}

@test "docs/rollback-log.md: shows what its commands print" {
    run_page docs/rollback-log.md
    [ "$commands" -ge 8 ]
}
