CREATE VIRTUAL TABLE f USING fts5(a, b, tokenize = 'porter ascii', prefix = '2 3', content="");
CREATE VIRTUAL TABLE r USING rtree(id, x0, x1, +note TEXT);
SELECT 1;
