-- migrate: allow broken-view v: replaced below
--migrate:allow broken-view
DROP VIEW IF EXISTS v;
