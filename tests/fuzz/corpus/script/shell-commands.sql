.mode box
.read other.sql
SELECT 1;
