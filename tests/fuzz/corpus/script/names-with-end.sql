CREATE TABLE "end"("begin", "trigger" DEFAULT ';');
CREATE INDEX "create" ON "end"("trigger");
INSERT INTO "end" VALUES(1, 2);
SELECT "begin" AS "end" FROM "end";
