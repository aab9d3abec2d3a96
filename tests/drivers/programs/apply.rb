require 'sqlite3'

database = SQLite3::Database.new('app.db')
database.enable_load_extension(true)
database.load_extension('migrate')
puts database.get_first_value('SELECT migrate_apply()')
