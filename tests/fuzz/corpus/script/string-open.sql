SELECT 1;
SELECT 'not closed; SELECT 2;
