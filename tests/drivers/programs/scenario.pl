# Runs the scenario that the argument names, after loading the extension.

use strict;
use warnings;
use DBI;

sub database {
    my %options = (RaiseError => 1, PrintError => 0, AutoCommit => 1, @_);
    my $database = DBI->connect('dbi:SQLite:dbname=app.db', '', '', \%options);
    $database->sqlite_enable_load_extension(1);
    $database->sqlite_load_extension('migrate');
    return $database;
}

my %scenarios = (
    half_read => sub {
        my $database = database();
        $database->do('CREATE TABLE notes (id)');
        $database->do('INSERT INTO notes VALUES (1), (2)');
        my $notes = $database->prepare('SELECT id FROM notes');
        $notes->execute;
        $notes->fetchrow_array;
        $database->selectrow_array('SELECT migrate_apply()');
    },
    no_autocommit => sub {
        database(AutoCommit => 0)->selectrow_array('SELECT migrate_apply()');
    },
    rollback => sub {
        print database()->selectrow_array('SELECT migrate_rollback()'), "\n";
    },
);

eval { $scenarios{ $ARGV[0] }->(); 1 } or do {
    print STDERR $DBI::errstr, "\n";
    exit 1;
};
