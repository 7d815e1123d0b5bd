"""What a source from the CRM is in this company, once for all stages."""

from typing import TypedDict

import pulumi
from typing_extensions import NotRequired

import pulumi_adobe_aep as aep


class CrmSourceArgs(TypedDict):
    """What a stage says of its CRM."""

    sandbox: pulumi.Input[str]
    server: pulumi.Input[str]
    password: pulumi.Input[str]
    username: NotRequired[pulumi.Input[str]]


class CrmSource(pulumi.ComponentResource):
    """The CRM's read replica as a source in Experience Platform, by the company's rules.

    Its rules: the server's certificate is checked, and nobody deletes the one in production by mistake.
    """

    connection_id: pulumi.Output[str]
    """The base connection's id, for dataflows."""

    def __init__(self, name: str, args: CrmSourceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("company:aep:CrmSource", name, {}, opts)
        connection = aep.PostgresBaseConnection(
            f"{name}-connection",
            name="CRM",
            sandbox_name=args["sandbox"],
            description=f"Managed by Pulumi, stack {pulumi.get_stack()}",
            auth=aep.ConnectionStringAuth(
                server=args["server"],
                database="crm",
                username=args.get("username", "aep_reader"),
                password=args["password"],
                encryption="verify",
            ),
            opts=pulumi.ResourceOptions(parent=self, protect=pulumi.get_stack() == "prod"),
        )
        self.connection_id = connection.connection_id
        self.register_outputs({"connectionId": self.connection_id})
