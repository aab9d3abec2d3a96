import sqlite3

connection = sqlite3.connect("app.db", isolation_level=None)  # autocommit
connection.enable_load_extension(True)
connection.load_extension("migrate")
print(connection.execute("SELECT migrate_apply()").fetchone()[0])
