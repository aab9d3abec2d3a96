#include "compiler.h"

#include "connection.h"

struct mig_connection *mig_connection_new(sqlite3 *db)
{
    struct mig_connection *connection = sqlite3_malloc64(sizeof(*connection));

    if (connection == NULL)
        return NULL;
    connection->db = db;
    connection->is_running = false;
    connection->users = 0;
    mig_options_init(&connection->options);
    return connection;
}

void mig_connection_hold(struct mig_connection *connection)
{
    connection->users++;
}

void mig_connection_drop(void *held)
{
    struct mig_connection *connection = held;

    if (connection == NULL)
        return;
    connection->users--;
    if (connection->users > 0)
        return;
    mig_options_release(&connection->options);
    sqlite3_free(connection);
}
