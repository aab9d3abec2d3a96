<?php
$database = new SQLite3('app.db');
$database->enableExceptions(true);
$database->loadExtension('migrate.so');
print $database->querySingle('SELECT migrate_apply()') . "\n";
