SELECT 'café;', ÿþ FROM €;
SELECT 1;
