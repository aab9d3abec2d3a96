DROP TRIGGER users_touch;
DROP TRIGGER institutions_touch;
