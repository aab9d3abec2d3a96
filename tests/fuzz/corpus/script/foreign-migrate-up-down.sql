-- migrate:up transaction:false
CREATE TABLE t(a);

-- migrate:down
DROP TABLE t;
