-- The index goes first: a column that an index uses cannot be dropped.
DROP INDEX surveys_closing;
ALTER TABLE surveys DROP COLUMN closes_on;
