"""One stack a sandbox: what differs between them is in Pulumi.<stack>.yaml, what they share is the component."""

import pulumi
from crm_source import CrmSource

config = pulumi.Config()

crm = CrmSource(
    "crm",
    {
        "sandbox": config.require("sandbox"),
        "server": config.require("crmServer"),
        "password": config.require_secret("crmPassword"),
    },
)
pulumi.export("connectionId", crm.connection_id)
