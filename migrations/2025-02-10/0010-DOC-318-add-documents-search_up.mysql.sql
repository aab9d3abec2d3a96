-- The server keeps the index up to date, so no trigger is needed. A search names both columns:
-- MATCH (title, body) AGAINST ('+physics +room' IN BOOLEAN MODE).
ALTER TABLE documents ADD FULLTEXT KEY documents_search (title, body);
