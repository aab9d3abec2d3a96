--liquibase formatted sql
--changeset me:1
CREATE TABLE t(a);
--rollback DROP TABLE t;
