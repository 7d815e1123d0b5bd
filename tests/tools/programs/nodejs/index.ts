import * as pulumi from "@pulumi/pulumi"; export const said: pulumi.Output<string> = pulumi.output("hello");
