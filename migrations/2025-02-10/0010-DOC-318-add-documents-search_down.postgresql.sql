-- Takes the index with it. The function goes last: the column needs it.
ALTER TABLE documents DROP COLUMN search;
DROP FUNCTION documents_words(text);
