CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
SELECT 'it''s; here', 'a'';''b' FROM t AS "x""y";
SELECT "x""y".a FROM t AS `x"y`;
