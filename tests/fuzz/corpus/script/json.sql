SELECT json_extract('{"a":[1,2,{"b":"x;y"}]}', '$.a[2].b'), json('{"end":"--;"}') ->> '$.end';
SELECT value FROM json_each('{"k":1}') WHERE value <> ';';
