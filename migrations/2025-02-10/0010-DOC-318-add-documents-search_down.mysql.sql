ALTER TABLE documents DROP KEY documents_search;
