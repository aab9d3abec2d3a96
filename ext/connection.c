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

void mig_connection_drop(void *connection)
{
    struct mig_connection *held = connection;

    if (held == NULL)
        return;
    held->users--;
    if (held->users > 0)
        return;
    mig_options_release(&held->options);
    sqlite3_free(held);
}
