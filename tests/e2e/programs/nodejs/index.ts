import * as pulumi from "@pulumi/pulumi";
import * as aep from "./sdk";

const config = new pulumi.Config();
const crm = new aep.PostgresBaseConnection("crm", {
    description: config.get("description") ?? "from TypeScript",
    auth: {
        server: "db.example.com",
        database: "crm",
        username: "aep_reader",
        password: config.requireSecret("password"),
        encryption: aep.PostgresBaseConnectionAuthEncryption.Verify,
    },
});
new aep.PostgresBaseConnection(
    "from-env",
    { auth: { server: "db", database: "crm", username: "r", password: { fromEnv: "CRM_PASSWORD" } } },
    { customTimeouts: { create: "1m" } },
);
export const connectionId = crm.connectionId;
export const server = crm.auth.apply((auth) => auth.server);
