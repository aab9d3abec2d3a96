-- Letters without their accents. Texts and queries both go through this, so that either finds the
-- other: search @@ websearch_to_tsquery('simple', documents_words('Café')).
CREATE FUNCTION documents_words(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(normalize(words, NFD), '[\u0300-\u036f]', '', 'g');
$$;

-- Every word as it is written: 'simple' leaves none out and knows no language.
-- The server keeps the column up to date, so no trigger is needed.
ALTER TABLE documents ADD COLUMN search tsvector
    GENERATED ALWAYS AS (to_tsvector('simple', documents_words(title || ' ' || body))) STORED;

CREATE INDEX documents_search ON documents USING gin (search);
