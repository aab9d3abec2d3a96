SELECT 1;
/* the rest; SELECT 2;