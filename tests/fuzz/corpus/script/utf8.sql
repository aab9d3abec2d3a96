CREATE TABLE prénom(naïve TEXT, 名前 TEXT, "🐘;" TEXT);
INSERT INTO prénom VALUES('é;', '漢字', '🐘');
SELECT 名前 FROM prénom;
