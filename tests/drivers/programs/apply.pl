use strict;
use warnings;
use DBI;

my $database = DBI->connect('dbi:SQLite:dbname=app.db', '', '', { RaiseError => 1, PrintError => 0, AutoCommit => 1 });
$database->sqlite_enable_load_extension(1);
$database->sqlite_load_extension('migrate');
print $database->selectrow_array('SELECT migrate_apply()'), "\n";
