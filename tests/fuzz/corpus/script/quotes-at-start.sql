CREATE TABLE q(a);
SELECT '''', '''x;''';
