DROP TRIGGER users_touch ON users;
DROP TRIGGER institutions_touch ON institutions;
DROP FUNCTION touch_updated_at();
