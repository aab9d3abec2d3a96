<?php
// Runs the scenario that the argument names, after loading the extension.

$database = new SQLite3('app.db');
$database->enableExceptions(true);
$database->loadExtension('migrate.so');

$scenarios = [
    'half_read' => function () use ($database) {
        $database->exec('CREATE TABLE notes (id); INSERT INTO notes VALUES (1), (2)');
        $notes = $database->query('SELECT id FROM notes');
        $notes->fetchArray();
        $database->querySingle('SELECT migrate_apply()');
    },
    'open_transaction' => function () use ($database) {
        $database->exec('BEGIN');
        $database->querySingle('SELECT migrate_apply()');
    },
    'query_single' => function () use ($database) {
        print $database->querySingle('SELECT migrate_rollback()') . "\n";
    },
    'query' => function () use ($database) {
        print $database->query('SELECT migrate_rollback()')->fetchArray()[0] . "\n";
    },
    'execute' => function () use ($database) {
        print $database->prepare('SELECT migrate_rollback()')->execute()->fetchArray()[0] . "\n";
    },
    'query_apply' => function () use ($database) {
        print $database->query('SELECT migrate_apply()')->fetchArray()[0] . "\n";
    },
];

try {
    $scenarios[$argv[1]]();
} catch (Exception $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}
