-- head
CREATE TABLE t(a);
SELECT 1;
