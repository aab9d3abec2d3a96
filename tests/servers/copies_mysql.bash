# What the tests of backup-database.sh and restore-database.sh need of a server of MySQL or MariaDB.

# shellcheck disable=SC2119,SC2120 # the tests give admin arguments

copies_mysql_start() {
    # A test counts the scratch databases of the server.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    mysql_start loopback
}

# To be called in setup(): a database with the table users, with Ann and Bob in it, at $url.
use_copies_mysql() {
    use_connect
    database=app_$BATS_TEST_NUMBER
    here=127.0.0.1:$mysql_port/$database
    url=mysql://root:$mysql_password@$here
    admin <<<"CREATE DATABASE $database CHARACTER SET latin1 COLLATE latin1_german2_ci"
    # shellcheck disable=SC2030,SC2031 # each test is a process
    on=$database admin <<'SQL'
CREATE TABLE users (id int AUTO_INCREMENT PRIMARY KEY, name varchar(40) CHARACTER SET utf8mb4 NOT NULL);
INSERT INTO users (name) VALUES ('Ann'), ('Bob');
SQL
    use_copies
}

# Runs the client as the administrator.
admin() { # <argument>...
    "$mysql_client" --defaults-file="$mysql_options" --batch --skip-column-names --database="${on-mysql}" "$@"
}

scratches() {
    admin <<<"SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'migrate!_scratch!_%' ESCAPE '!' ORDER BY 1"
}

# All that is in a database, without what differs from dump to dump.
content() { # <database>
    local dumper
    dumper=$(type -P mariadb-dump || type -P mysqldump)
    "$dumper" --defaults-file="$mysql_options" --routines --events --skip-comments --hex-blob "$1"
}

# Who is in the table users.
people() { # [<database>]
    on=${1-$database} admin <<<"SELECT group_concat(name ORDER BY id SEPARATOR ' ') FROM users"
}

# Objects of many kinds, and values that are hard to copy.
fill_with_everything() {
    on=$database admin <<'SQL'
CREATE TABLE `odd ``name` (id int PRIMARY KEY, t text CHARACTER SET utf8mb4, b blob, d double, e enum('a','b'), at timestamp NULL, u int,
    FOREIGN KEY (u) REFERENCES users (id));
INSERT INTO `odd ``name` VALUES (1, 'a\tb\n\\ '' " ə;\n-- Dump completed', x'00ff0a', 0.1, 'a', '2026-01-01 00:00:00', 1),
    (2, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE keyless (x int);
INSERT INTO keyless VALUES (3), (1), (2);
CREATE VIEW v AS SELECT u.name, o.t FROM users AS u JOIN `odd ``name` AS o ON o.u = u.id;
CREATE TRIGGER shout BEFORE INSERT ON users FOR EACH ROW SET NEW.name = upper(NEW.name);
CREATE EVENT daily ON SCHEDULE EVERY 1 DAY DO DELETE FROM keyless;
DELIMITER $$
CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END $$
CREATE FUNCTION f() RETURNS int DETERMINISTIC RETURN 1 $$
DELIMITER ;
SQL
}
