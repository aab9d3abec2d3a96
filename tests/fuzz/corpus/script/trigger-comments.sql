CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL);
CREATE /* a; */ TRIGGER -- b;
 t1 AFTER INSERT ON t /* BEGIN */ BEGIN -- END;
 SELECT 1; /* ; END; */
 SELECT 2; -- ; END ;
END -- last
/* really */ ;
SELECT 3;
