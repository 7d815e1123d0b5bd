"""One stack for each sandbox: Pulumi.<stack>.yaml has the differences, the component what all stacks share."""

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
