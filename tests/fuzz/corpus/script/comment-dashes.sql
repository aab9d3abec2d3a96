SELECT 1 - -1, 2 --3;
, 4;
SELECT 5---6;
;
