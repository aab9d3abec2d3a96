# Runs the scenario that the argument names, after loading the extension.

require 'sqlite3'

database = SQLite3::Database.new('app.db')
database.enable_load_extension(true)
database.load_extension('migrate')

scenarios = {
  'half_read' => lambda do
    database.execute_batch('CREATE TABLE notes (id); INSERT INTO notes VALUES (1), (2);')
    notes = database.prepare('SELECT id FROM notes')
    notes.step
    database.get_first_value('SELECT migrate_apply()')
  end,
  'open_transaction' => lambda do
    database.transaction { database.get_first_value('SELECT migrate_apply()') }
  end,
  'execute' => -> { puts database.execute('SELECT migrate_rollback()').first.first },
}

begin
  scenarios.fetch(ARGV[0]).call
rescue SQLite3::Exception => e
  abort e.message
end
