DROP VIEW grade_averages;
