CREATE TABLE trigger(begin, end, temp, explain);
CREATE INDEX temporary ON trigger(end);
INSERT INTO trigger VALUES(1, 2, 3, 4);
SELECT begin AS end, trigger.temp FROM trigger;
DROP TABLE trigger;
