CREATE TABLE "a;b"("c;d" TEXT, [e;f] TEXT, `g;h` TEXT, 'i;j' TEXT);
INSERT INTO "a;b" VALUES(1, 2, 3, 4);
SELECT "c;d", [e;f], `g;h` FROM "a;b";
