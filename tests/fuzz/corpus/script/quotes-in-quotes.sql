CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
SELECT 'say "hi;"', 'a`;`b', '-- x;', '/* ; */' FROM t;
SELECT 1 AS "a';'b", 2 AS [c"';"d], 3 AS `e'';"f`;
