DROP VIEW institution_overviews;
