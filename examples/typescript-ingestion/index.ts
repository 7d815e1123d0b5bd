import * as pulumi from "@pulumi/pulumi";
import * as aep from "./sdks/nodejs";

const config = new pulumi.Config();
const sandboxName = config.require("sandbox");

// The dataset and its schema are somebody else's: they are looked up, not made.
const dataset = aep.getDatasetOutput({ name: "Customers", sandboxName });
const schemaId = dataset.apply((found) => {
    if (!found.schemaId) {
        throw new Error("The dataset Customers has no schema.");
    }
    return found.schemaId;
});

const crm = new aep.PostgresBaseConnection("crm", {
    description: "CRM read replica",
    sandboxName,
    auth: {
        server: config.require("crmServer"),
        port: config.requireNumber("crmPort"),
        database: config.require("crmDatabase"),
        username: config.require("crmUsername"),
        password: config.requireSecret("crmPassword"),
        encryption: config.require("crmEncryption"),
    },
});

const table = new aep.TableSourceConnection("customers", {
    sandboxName,
    baseConnectionId: crm.connectionId,
    table: "public.customers",
});

const target = new aep.DataLakeTargetConnection("customers", {
    sandboxName,
    datasetId: dataset.id,
    schemaId,
});

const mapping = new aep.MappingSet("customers", {
    sandboxName,
    schemaId,
    mappings: {
        "_acme.customerId": "external_id",
        "_acme.email": { expression: "lower(email)" },
        "_acme.country": "country",
    },
});

const customers = new aep.Dataflow("customers", {
    sandboxName,
    sourceConnectionId: table.sourceConnectionId,
    targetConnectionId: target.targetConnectionId,
    mappingId: mapping.mappingId,
    mappingVersion: mapping.version.apply((version) => version ?? 0),
    schedule: { frequency: "hour", interval: 1 },
    deltaColumn: "created_at",
});

export const connectionId = crm.connectionId;
export const flowId = customers.flowId;
