# shellcheck shell=sh
# What the project needs on a machine, and the package that brings it; requirement.sh sees whether it is
# there. Package managers are called by their own names: apt-get, dnf, apk, brew.

# One line a requirement: stage, check, package for each manager ("-": comes with the system).
requirements_list() {
    cat <<'LIST'
demo command:make          make            make                     make             make
demo command:cc            gcc             gcc                      gcc              -
demo compiles:stdio.h      libc6-dev       glibc-devel              musl-dev         -
demo command:pkg-config    pkg-config      pkgconf-pkg-config       pkgconf          pkgconf
demo shell:3.38            sqlite3         sqlite                   sqlite           sqlite
demo command:flock         util-linux      util-linux-core          flock            util-linux
demo library:sqlite3:3.38 libsqlite3-dev  sqlite-devel             sqlite-dev       sqlite
demo library:libcrypto:3   libssl-dev      openssl-devel            openssl-dev      openssl@3
test command:gcc           gcc             gcc                      gcc              gcc
test command:nm            binutils        binutils                 binutils         -
test command:git           git             git                      git              git
test command:clang         clang           clang                    clang            llvm
test links:fuzzer          libclang-rt-dev compiler-rt              compiler-rt      llvm
test command:clang-format  clang-format    clang-tools-extra        clang-extra-tools clang-format
test command:clang-tidy    clang-tidy      clang-tools-extra        clang-extra-tools llvm
test command:cppcheck      cppcheck        cppcheck                 cppcheck         cppcheck
test command:codespell     codespell       codespell                codespell        codespell
test command:shellcheck    shellcheck      ShellCheck               shellcheck       shellcheck
test command:shfmt         shfmt           shfmt                    shfmt            shfmt
test command:checkbashisms devscripts      devscripts-checkbashisms checkbashisms    checkbashisms
test command:bats          bats            bats                     bats             bats-core
test command:parallel      parallel        parallel                 parallel         parallel
test command:gcovr         gcovr           gcovr                    gcovr            gcovr
test command:python3       python3         python3                  python3          python3
test driver:python         python3         python3                  python3          python3
test command:php           php-cli         php-cli                  php84            php
test driver:php            php-sqlite3     php-pdo                  php84-sqlite3    php
test driver:perl           libdbd-sqlite3-perl perl-DBD-SQLite      perl-dbd-sqlite  -
test driver:ruby           ruby-sqlite3    rubygem-sqlite3          ruby-sqlite      -
test command:bash          bash            bash                     bash             bash
test command:dash          dash            dash                     dash             dash
test command:busybox       busybox         busybox                  busybox          -
test command:mksh          mksh            mksh                     mksh             mksh
test command:yash          yash            yash                     yash             yash
test command:gzip          gzip            gzip                     gzip             gzip
test command:zstd          zstd            zstd                     zstd             zstd
test command:age           age             age                      age              age
test command:gpg           gpg             gnupg2                   gnupg            gnupg
test command:curl          curl            curl                     curl             curl
test command:rclone        rclone          rclone                   rclone           rclone
test command:setpriv       util-linux      util-linux               setpriv          -
test command:psql          postgresql      postgresql               postgresql-client postgresql
test server:postgresql     postgresql      postgresql-server        postgresql       postgresql
test server:mysql          mariadb-server-core mariadb-server       mariadb          mariadb
test command:mariadb       mariadb-client  mariadb                  mariadb-client   mariadb
test command:aws           awscli          awscli2                  aws-cli          awscli
test command:npm           npm             nodejs-npm               npm              node
LIST
}

# Prints the checks of stage $1 (demo; or test, which holds demo) that this machine does not meet,
# each with the package that manager $2 has for it.
requirements_missing() (
    requirements_list | while read -r stage check apt dnf apk brew; do
        case "$1:$stage" in
        demo:test) continue ;;
        *) ;;
        esac
        requirement_met "$check" && continue
        case $2 in
        apt-get) printf '%s %s\n' "$check" "$apt" ;;
        dnf) printf '%s %s\n' "$check" "$dnf" ;;
        apk) printf '%s %s\n' "$check" "$apk" ;;
        brew) printf '%s %s\n' "$check" "$brew" ;;
        *) printf '%s %s\n' "$check" - ;;
        esac
    done
)

# Prints the packages of a list of missing requirements, each once.
requirements_packages() (
    printf '%s\n' "$1" | awk 'NF == 2 && $2 != "-" && !seen[$2]++ { print $2 }'
)

# Prints the checks of a list of missing requirements, on one line.
requirements_checks() (
    printf '%s\n' "$1" | awk 'NF == 2 { printf "%s%s", (n++ ? ", " : ""), $1 }'
)
