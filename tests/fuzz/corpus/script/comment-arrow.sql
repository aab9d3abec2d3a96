SELECT '{"a":1}'->'a', '{"a":2}'->>'a';
SELECT 1->--;
2;
