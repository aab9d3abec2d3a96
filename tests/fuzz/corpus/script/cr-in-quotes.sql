SELECT 'ab;', "c;";
