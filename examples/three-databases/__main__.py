"""Three databases in one loop: what differs between them is a row, what they share is said once."""

import pulumi

import pulumi_adobe_aep as aep

config = pulumi.Config()

Database = type[aep.PostgresBaseConnection] | type[aep.MySqlBaseConnection] | type[aep.SqlServerBaseConnection]
DATABASES: dict[str, Database] = {
    "crm": aep.PostgresBaseConnection,
    "shop": aep.MySqlBaseConnection,
    "erp": aep.SqlServerBaseConnection,
}

for name, Connection in DATABASES.items():
    connection = Connection(
        name,
        sandbox_name="dev",
        auth=aep.ConnectionStringAuth(
            server=f"{name}-db.example.com",
            database=name,
            username="aep_reader",
            password=config.require_secret(f"{name}Password"),
            encryption="verify",
        ),
    )
    pulumi.export(f"{name}ConnectionId", connection.connection_id)
