"""Runs the scenario that the argument names, after loading the extension."""

import sqlite3
import sys


def connect(**options):
    connection = sqlite3.connect("app.db", **options)
    connection.enable_load_extension(True)
    connection.load_extension("migrate")
    return connection


def half_read():
    connection = connect(isolation_level=None)
    connection.execute("CREATE TABLE notes (id)")
    connection.execute("INSERT INTO notes VALUES (1), (2)")
    notes = connection.execute("SELECT id FROM notes")
    notes.fetchone()
    connection.execute("SELECT migrate_apply()")


def open_transaction():
    connection = connect()
    connection.execute("CREATE TABLE notes (id)")
    connection.execute("INSERT INTO notes VALUES (1)")
    connection.execute("SELECT migrate_apply()")


def committed():
    connection = connect()
    connection.execute("CREATE TABLE notes (id)")
    connection.execute("INSERT INTO notes VALUES (1)")
    connection.commit()
    print(connection.execute("SELECT migrate_apply()").fetchone()[0])


def never_fetched():
    connect(isolation_level=None).execute("SELECT migrate_apply()")


def refused_then_committed():
    connection = connect()
    connection.execute("CREATE TABLE notes (id)")
    connection.execute("INSERT INTO notes VALUES (1)")
    try:
        connection.execute("SELECT migrate_apply()")
    except sqlite3.Error:
        connection.commit()
    print(connection.execute("SELECT count(*) || ' note' FROM notes").fetchone()[0])


def failed_then_used():
    connection = connect(isolation_level=None)
    try:
        connection.execute("SELECT migrate_apply()")
    except sqlite3.Error:
        print("in transaction:", connection.in_transaction)


try:
    globals()[sys.argv[1]]()
except sqlite3.Error as error:
    sys.exit(str(error))
