#!/usr/bin/env bats
# backup-database.sh: compression and encryption, and tools that fail or lie.

# shellcheck disable=SC2016,SC2119,SC2120 # quotes: for the stubs; `run` passes the arguments

load ../helpers/migrate
load front
load backup

setup() {
    use_scratch
    use_backup
    # So that a tool that writes half of it writes less than all of it.
    plain "CREATE TABLE more (x)" "INSERT INTO more VALUES (randomblob(200000))"
}

# A key of age, in key.txt.
use_age() {
    age-keygen -o key.txt 2>/dev/null
    recipient=age:$(age-keygen -y key.txt)
}

# A key of gpg without a passphrase, for keeper@example.org.
use_gpg() {
    export GNUPGHOME=$BATS_TEST_TMPDIR/gnupg
    mkdir -m 700 "$GNUPGHOME"
    gpg --batch --quiet --passphrase '' --quick-generate-key 'Keeper <keeper@example.org>' future-default default never 2>/dev/null
}

teardown() {
    [ -z "${GNUPGHOME-}" ] || gpgconf --kill all
}

# Nothing of the run is there, neither a copy nor part of one.
nothing_was_kept() {
    [ ! -e backups/REGISTER.md ] || return
    [ ! -d backups ] || [ "$(kept)" = "" ] || return
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "backup-database.sh: --compress gzip and zstd write what their tools read" {
    [ "$(settled "$(backup --compress gzip)")" = backups/default_TIME_snapshot.sqlite.gz ]
    [ "$(settled "$(backup --compress=zstd)")" = backups/default_TIME_snapshot.sqlite.zst ]
    [ "$(settled "$(backup --compress none plain)")" = backups/default_TIME_plain.sqlite ]
    gzip -dc backups/*.gz >gz.db
    zstd -dcq backups/*.zst >zst.db
    cmp gz.db backups/*_plain.sqlite
    cmp zst.db gz.db
    [ "$(sqlite3 gz.db "SELECT count(*) FROM users")" = 2 ]
    all_is_well
}

@test "backup-database.sh: --encrypt age writes what only the key opens" {
    use_age
    run --separate-stderr -0 backup --encrypt "$recipient" --compress gzip
    [ "$(settled "$output")" = backups/default_TIME_snapshot.sqlite.gz.age ]
    age -d -i key.txt "$output" | gzip -dc >out.db
    [ "$(sqlite3 out.db "SELECT count(*) FROM users")" = 2 ]
    backup --encrypt "$recipient" -q
    run ! grep -q 'SQLite format' backups/*.age
    MIGRATE_BACKUP_IDENTITY=key.txt all_is_well
}

@test "backup-database.sh: --encrypt age takes the public key of ssh, and a file of recipients" {
    local public='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFIdDXT/bV1Cq6Rx+K+ixgtOkQTc0RCY1aHh3UNZ/Itf'
    run --separate-stderr -0 backup --encrypt "age:$public"
    [ "$(head -c 21 "$output")" = age-encryption.org/v1 ]
    use_age
    printf '%s\n%s\n' "${recipient#age:}" "$public" >team
    run --separate-stderr -0 backup --encrypt age:./team
    backup --verify "$output" --identity=key.txt -q
}

@test "backup-database.sh: --encrypt gpg writes what the key opens" {
    use_gpg
    run --separate-stderr -0 backup --encrypt gpg:keeper@example.org --compress zstd
    [ "$(settled "$output")" = backups/default_TIME_snapshot.sqlite.zst.gpg ]
    gpg --batch --quiet --decrypt "$output" 2>/dev/null | zstd -dcq >out.db
    [ "$(sqlite3 out.db "SELECT count(*) FROM users")" = 2 ]
    all_is_well
}

@test "backup-database.sh: refuses compression and encryption that it does not know" {
    run --separate-stderr -64 backup --compress rar
    [ "$stderr" = "backup-database.sh: compression \"rar\" is not known
hint: use one of: gzip zstd none" ]
    run --separate-stderr -64 backup --encrypt rot13:x
    [ "$stderr" = "backup-database.sh: this kind of encryption is not known
hint: write age:RECIPIENT or gpg:KEY" ]
    local how
    for how in age: gpg: age:-x gpg:--output=x; do
        run --separate-stderr -64 backup --encrypt "$how"
        [ "$stderr" = "backup-database.sh: encryption \"$how\" names no recipient
hint: write age:RECIPIENT or gpg:KEY" ]
    done
    nothing_was_kept
}

@test "backup-database.sh: a recipient that is none is refused before anything is copied" {
    stub sqlite3 'echo called >called; exec "$real" "$@"'
    run --separate-stderr -78 backup --encrypt age:age1bogus
    [[ ${stderr_lines[0]} == "backup-database.sh: age cannot encrypt for age1bogus: "* ]]
    [ "${stderr_lines[1]}" = "hint: check the recipient or the key" ]
    run --separate-stderr -78 backup --encrypt age:./nosuch
    use_gpg
    run --separate-stderr -78 backup --encrypt gpg:nobody@example.org
    [ "$stderr" = "backup-database.sh: gpg cannot encrypt for nobody@example.org: gpg: nobody@example.org: skipped: No public key
hint: check the recipient or the key" ]
    [ ! -e called ]
    nothing_was_kept
}

@test "backup-database.sh: a tool that is missing is named, with its package, before anything is copied" {
    without sqlite3 flock gzip zstd age gpg sha256sum shasum openssl
    run --separate-stderr -69 backup
    [ "$stderr" = "backup-database.sh: there is no sqlite3 shell
hint: install the package sqlite3" ]
    printf '#!/bin/sh\necho called >called\n' >tools/sqlite3
    chmod +x tools/sqlite3
    run --separate-stderr -69 backup
    [ "$stderr" = "backup-database.sh: there is no sha256sum, shasum or openssl
hint: install the package coreutils" ]
    printf '#!/bin/sh\n' >tools/sha256sum
    chmod +x tools/sha256sum
    run --separate-stderr -69 backup
    [ "$stderr" = "backup-database.sh: there is no flock, which keeps two runs apart
hint: install the package util-linux" ]
    run --separate-stderr -69 backup --compress gzip
    [ "$stderr" = "backup-database.sh: there is no gzip
hint: install the package gzip" ]
    run --separate-stderr -69 backup --compress zstd
    [ "$stderr" = "backup-database.sh: there is no zstd
hint: install the package zstd" ]
    run --separate-stderr -69 backup --encrypt age:x
    [ "$stderr" = "backup-database.sh: there is no age
hint: install the package age" ]
    run --separate-stderr -69 backup --encrypt gpg:x
    [ "$stderr" = "backup-database.sh: there is no gpg
hint: install the package gnupg" ]
    [ ! -e called ]
    nothing_was_kept
}

@test "backup-database.sh: computes the same checksum with openssl, sha256sum and shasum" {
    fast_clock
    backup one -q
    without openssl
    PATH=$PWD/stubs:$PATH
    run --separate-stderr -0 backup two
    local one=$output
    rm -f tools/sha256sum
    backup three -q
    backup --verify "$one" -q
    PATH=$PATH:/usr/bin
    (cd backups && sha256sum --quiet -c -- *.sha256)
}

# A tool that does its work and says that it failed, that says it did its work and writes nothing, or
# half of it, and one that complains and does it.
failing='"$real" "$@"; echo "out of luck" >&2; exit 1'
silent='cat >/dev/null; exit 0'
half='"$real" "$@" >half.tmp; head -c "$(($(wc -c <half.tmp) / 2))" half.tmp; rm half.tmp; exit 0'
noisy='echo "something is odd" >&2; exec "$real" "$@"'

@test "backup-database.sh: a compression that fails or lies leaves nothing" {
    local tool
    for tool in gzip zstd; do
        stub "$tool" "$failing"
        run --separate-stderr -1 backup --compress "$tool"
        [ "$stderr" = "backup-database.sh: $tool failed: out of luck
hint: the snapshot was not kept" ]
        stub "$tool" "$silent"
        run --separate-stderr -74 backup --compress "$tool"
        [ "$stderr" = "backup-database.sh: $tool ended well, but did not write all of it
hint: the snapshot was not kept; check the tool and the disk" ]
        stub "$tool" "$half"
        run --separate-stderr -74 backup --compress "$tool"
        [ "${stderr_lines[0]}" = "backup-database.sh: $tool ended well, but did not write all of it" ]
        nothing_was_kept
    done
}

@test "backup-database.sh: a compression that complains and does its work is fine" {
    stub gzip "$noisy"
    run --separate-stderr -0 backup --compress gzip
    [ "$stderr" = "" ]
    all_is_well
}

@test "backup-database.sh: an encryption that fails, lies or does not encrypt leaves nothing" {
    use_age
    use_gpg
    local tool how text
    for tool in age gpg; do
        how=$recipient
        [ "$tool" = age ] || how=gpg:keeper@example.org
        # The test with a few bytes goes well.
        for text in "$failing" "$silent" "$half" 'exec cat'; do
            stub "$tool" "[ -e tested-$tool ] || { : >tested-$tool; exec \"\$real\" \"\$@\"; }; $text"
            rm -f "tested-$tool"
            run --separate-stderr backup --encrypt "$how"
            [ "$status" -eq 1 ] || [ "$status" -eq 74 ]
            [[ ${stderr_lines[0]} == "backup-database.sh: $tool failed: out of luck" ||
                ${stderr_lines[0]} == "backup-database.sh: $tool ended well, but did not write all of it" ]]
            nothing_was_kept
        done
        # The test finds it, too.
        for text in "$failing" "$silent" 'exec cat'; do
            stub "$tool" "$text"
            run --separate-stderr backup --encrypt "$how"
            [ "$status" -eq 78 ] || [ "$status" -eq 69 ]
            nothing_was_kept
        done
    done
}

@test "backup-database.sh: a copy that turns empty is not encrypted" {
    use_age
    stub age 'for file in backups/.new.*/copy.sqlite; do [ ! -e "$file" ] || : >"$file"; done; exec "$real" "$@"'
    run --separate-stderr -74 backup --encrypt "$recipient"
    [ "$stderr" = "backup-database.sh: age ended well, but did not write all of it
hint: the snapshot was not kept; check the tool and the disk" ]
    nothing_was_kept
}

@test "backup-database.sh: a sqlite3 shell that fails or lies leaves nothing" {
    stub sqlite3 'exit 0'
    run --separate-stderr -74 backup
    [ "$stderr" = "backup-database.sh: sqlite3 ended well, but there is no copy of app.db
hint: check the sqlite3 shell and the disk" ]
    stub sqlite3 'echo "out of luck" >&2; exit 1'
    run --separate-stderr -1 backup
    [ "$stderr" = "backup-database.sh: cannot copy app.db: out of luck" ]
    # It copies half of it.
    without_extension
    stub sqlite3 '"$real" "$@" || exit
for file in backups/.new.*/copy.sqlite; do [ ! -s "$file" ] || [ -e "$file.cut" ] || { : >"$file.cut"; truncate -s 100000 "$file"; }; done'
    run --separate-stderr -65 backup
    [[ ${stderr_lines[0]} == "backup-database.sh: "*damaged* || ${stderr_lines[0]} == "backup-database.sh: "*malformed* ]]
    # It copies another database.
    sqlite3 other.db "CREATE TABLE x (y)"
    stub sqlite3 '"$real" "$@" || exit
for file in backups/.new.*/copy.sqlite; do [ ! -s "$file" ] || cp other.db "$file"; done'
    run --separate-stderr -65 backup
    [ "$stderr" = "backup-database.sh: the copy of app.db has 1 objects, which is not what the original has
hint: the snapshot was not kept" ]
    nothing_was_kept
}

@test "backup-database.sh: a checksum that cannot be computed leaves nothing" {
    local text
    for text in 'exit 1' 'exit 0' 'echo nonsense' 'printf "%063d  -\n" 0'; do
        stub openssl "$text"
        run --separate-stderr -74 backup
        [[ ${stderr_lines[0]} == "backup-database.sh: cannot compute the checksum of ./backups/.new.default."*/copy.sqlite ]]
        nothing_was_kept
    done
}

# Snapshots under --verify: a good one of each kind, and what becomes of it.
@test "backup-database.sh --verify: finds a file that was changed, also where its checksum was, too" {
    use_age
    export MIGRATE_BACKUP_IDENTITY=key.txt
    local kind file
    for kind in '--compress gzip' '--compress zstd' "--encrypt $recipient" '--compress none'; do
        # shellcheck disable=SC2086 # options
        file=$(backup $kind)
        backup --verify "$file" -q
        cp "$file" good
        printf 'x' | dd of="$file" bs=1 seek=5000 conv=notrunc status=none
        run --separate-stderr -65 backup --verify "$file"
        [ "$output" = "" ]
        [ "$stderr" = "backup-database.sh: $file does not match its checksum
hint: it was changed or damaged; take an older snapshot or another copy" ]
        case $kind in
        *none) head -c 9000 good >"$file" ;;
        *) head -c "$(($(wc -c <good) / 2))" good >"$file" ;;
        esac
        (cd backups && sha256sum "${file##*/}" >"${file##*/}.sha256")
        run --separate-stderr -65 backup --verify "$file"
        case $kind in
        *none) [[ $stderr == "backup-database.sh: $file: the database is damaged: "* ]] ;;
        *) [[ $stderr == "backup-database.sh: cannot unpack $file: "* ]] ;;
        esac
        rm "$file" "$file.sha256"
    done
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "backup-database.sh --verify: says what is missing" {
    use_age
    run --separate-stderr -66 backup --verify backups/x.sqlite
    [ "$stderr" = "backup-database.sh: there is no file backups/x.sqlite" ]
    file=$(backup --encrypt "$recipient")
    run --separate-stderr -78 backup --verify "$file"
    [ "$stderr" = "backup-database.sh: the key that the snapshot was encrypted for is not known
hint: --identity FILE or MIGRATE_BACKUP_IDENTITY names the file with it" ]
    run --separate-stderr -78 backup --verify "$file" --identity nosuch.txt
    [ "$stderr" = "backup-database.sh: cannot read the key nosuch.txt
hint: --identity names its file" ]
    age-keygen -o other.txt 2>/dev/null
    run --separate-stderr -65 backup --verify "$file" --identity other.txt
    [ "$stderr" = "backup-database.sh: cannot unpack $file: no identity matched any of the recipients
hint: it is damaged, or encrypted for another key" ]
    rm "$file.sha256"
    run --separate-stderr -65 backup --verify "$file" --identity key.txt
    [ "$stderr" = "backup-database.sh: there is no checksum $file.sha256
hint: it comes with the snapshot, and nothing proves it without" ]
    cp app.db x.db
    run --separate-stderr -64 backup --verify x.db
    [ "$stderr" = "backup-database.sh: x.db is not named as a snapshot
hint: LABEL_TIMESTAMP_NAME.sqlite, .dump or .sql, with .gz, .zst, .age or .gpg behind it" ]
    mkdir y.sqlite
    run --separate-stderr -65 backup --verify y.sqlite
    [ "$stderr" = "backup-database.sh: y.sqlite is not a file" ]
    [ "$(ls -A "$TMPDIR")" = "" ]
}

@test "backup-database.sh --verify: says that a snapshot is good, and leaves it as it is" {
    file=$(backup --compress gzip)
    cp "$file" before
    run --separate-stderr -0 backup --verify "$file"
    [ "$output" = "$file: verified, objects: 2" ]
    run --separate-stderr -0 backup --verify "$file" --json
    [ "$output" = "{\"path\":\"$file\",\"sha256\":\"$(sha256sum <before | cut -d ' ' -f 1)\",\"objects\":2,\"verified\":true}" ]
    run --separate-stderr -0 backup --verify="$file" -q
    [ "$output$stderr" = "" ]
    cmp before "$file"
    nothing_is_left
}
