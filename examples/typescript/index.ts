import * as pulumi from "@pulumi/pulumi";
import * as aep from "./sdks/nodejs";

const config = new pulumi.Config();

const crm = new aep.PostgresBaseConnection(
    "crm",
    {
        description: "CRM read replica",
        auth: {
            server: "crm-db.example.com",
            database: "crm",
            username: "aep_reader",
            password: config.requireSecret("crmPassword"),
            encryption: "verify",
        },
    },
    { customTimeouts: { create: "2m" } },
);

export const connectionId = crm.connectionId;
