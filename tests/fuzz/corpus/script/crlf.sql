-- migrate: no-transaction
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
INSERT INTO t
VALUES(1, 'a
b', 2); -- x
/* y
*/
SELECT 1;
