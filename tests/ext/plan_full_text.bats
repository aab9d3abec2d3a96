#!/usr/bin/env bats
# migrations_plan: what it says of the commands to a full-text index, which are written as INSERT.

load ../helpers/migrate

setup() {
    use_scratch
    plain 'CREATE TABLE posts (id INTEGER PRIMARY KEY, words, posts)' \
        "CREATE VIRTUAL TABLE found USING fts5(words, content='posts', content_rowid='id')" \
        "INSERT INTO posts VALUES (1, 'one', 1)" "INSERT INTO found (rowid, words) SELECT id, words FROM posts"
}

plan() {
    mig "SELECT line, object, severity, rule, why FROM migrations_plan WHERE rule <> 'no-down'"
}

@test "plan: a command that takes rows out of a full-text index is announced" {
    operation 0001 TASK-1 change "INSERT INTO found (found) VALUES ('delete-all');
INSERT INTO \"Found\" (rowid, words, [FOUND]) SELECT id, words, 'Delete' FROM posts;"
    [ "$(plan)" = "1|found|warn|deletes-rows|the command 'delete-all' takes rows out of the full-text index found
2|Found|warn|deletes-rows|the command 'delete' takes rows out of the full-text index Found" ]
}

@test "plan: rows, and commands that take none out, are no such command" {
    operation 0001 TASK-1 change "INSERT INTO found (found) VALUES ('optimize');
INSERT INTO found (words) VALUES ('delete-all');
INSERT INTO posts (posts) VALUES ('delete-all');
INSERT INTO found VALUES ('delete');"
    operation 0002 TASK-1 make "CREATE VIRTUAL TABLE own USING fts5(words, content='');
INSERT INTO own (own) VALUES ('delete-all');"
    [ "$(plan)" = "" ]
}
