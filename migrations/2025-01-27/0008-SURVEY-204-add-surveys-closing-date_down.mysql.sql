-- The rule goes first: a column that a constraint compares with another cannot be dropped.
ALTER TABLE surveys
    DROP CONSTRAINT surveys_close_after_opening,
    DROP KEY surveys_closing,
    DROP COLUMN closes_on;
